using Envoy.Service.Discovery.V3;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;
using Xunit;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>
/// Hosts on demand and collections against models of their clients, over any order of publications, questions, acknowledgements and refusals: in
/// the end the client has what it asked for of what is served, no more and no less.
/// </summary>
public sealed class OnDemandProperties
{
    private static readonly string[] Places = ["a", "b", "c"];

    public sealed record Step(int What, int Which, int How);

    public static class Steps
    {
        public static Arbitrary<Step> Step() => (from what in Gen.Choose(0, 9) from which in Gen.Choose(0, 63) from how in Gen.Choose(1, 3) select new Step(what, which, how)).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 1000)]
    public void E6_E7_Hosts_ClientEndsWithTheHostOfEachQuestion(Step[] steps)
    {
        var client = new Client(ResourceType.VirtualHost);
        foreach (var step in steps) client.Do(step, Hosts, i => $"t/{Places[i]}.test");
        client.Finish(Hosts(27, 4));
        var index = HostIndex.Of(client.Served[ResourceType.VirtualHost]);
        foreach (var asked in client.Asked)
        {
            var expected = index.Find(asked);
            Assert.Equal(expected is null ? null : client.Served.Find(ResourceType.VirtualHost, expected)!.Revision.Short, expected is null ? null : client.Has.GetValueOrDefault(expected));
        }
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 1000)]
    public void E4_Globs_ClientEndsWithTheirMembers(Step[] steps)
    {
        var client = new Client(ResourceType.Endpoints);
        foreach (var step in steps) client.Do(step, Members, i => i == 0 ? "xdstp://s/t/f/*" : i == 1 ? "xdstp://s/t/g/*" : "xdstp://s/t/f/b");
        client.Finish(Members(27, 4));
        var wanted = client.Served[ResourceType.Endpoints].Resources.Values.Where(r => client.Asked.Contains(r.Name) || client.Asked.Any(a => XdstpName.IsGlob(a) && XdstpName.Matches(a, r.Name)));
        Assert.Equal(wanted.ToDictionary(r => r.Name, r => r.Revision.Short), client.Has.Where(h => client.Wants(h.Key)).ToDictionary());
    }

    /// <summary>Virtual hosts that have the domains between them in some way, one perhaps all.</summary>
    private static Snapshot Hosts(int which, int how) => Snapshot.Of("fleet", Places.Where((_, i) => (which >> i & 1) == 1).Select((p, i) => Resource.Of(ResourceType.VirtualHost, $"t/v{p}", new Envoy.Config.Route.V3.VirtualHost
    {
        Name = p,
        IncludeRequestAttemptCount = how == 4,
        Domains = { how == 3 && i == 0 ? "*" : $"{Places[(Array.IndexOf(Places, p) + how) % Places.Length]}.test" },
    }, [])));

    private static Snapshot Members(int which, int how) => Snapshot.Of("fleet", Places.Where((_, i) => (which >> i & 1) == 1).SelectMany(p => new[] { "f", "g" }.Where((_, i) => (which >> 3 + i & 1) == 1).Select(f => XdsHost.Endpoints($"xdstp://s/t/{f}/{p}", (uint)how))));

    private sealed class Client
    {
        private readonly DeltaStream _stream = new(new ResponseEncoder("test"), null);
        private readonly Queue<(DeltaDiscoveryResponse Response, string Nonce)> _unanswered = new();
        private readonly ResourceType _type;

        public Client(ResourceType type)
        {
            _type = type;
            Ask([], []);
        }

        public Snapshot Served { get; private set; } = Snapshot.Empty("fleet");

        public HashSet<string> Asked { get; } = [];

        public Dictionary<string, string> Has { get; } = [];

        public bool Wants(string name) => Asked.Contains(name) || Asked.Any(a => XdstpName.IsGlob(a) && XdstpName.Matches(a, name));

        public void Do(Step step, Func<int, int, Snapshot> publish, Func<int, string> name)
        {
            switch (step.What)
            {
                case < 3: Served = publish(step.Which, step.How); break;
                case < 5: Take(); break;
                case < 7: Answer(refuse: false); break;
                case 7: Answer(refuse: true); break;
                case 8: Ask([name(step.How - 1)], []); break;
                default: Ask([], [name(step.How - 1)]); break;
            }
        }

        /// <summary>Publishes something that was never refused, then takes and acknowledges until there is nothing more.</summary>
        public void Finish(Snapshot last)
        {
            while (_unanswered.Count > 0) Answer(refuse: false);
            Served = last;
            for (var i = 0; i < 100; i++)
            {
                Take();
                if (_unanswered.Count == 0) return;
                Answer(refuse: false);
            }
            Assert.Fail("the server never stops sending");
        }

        private void Take()
        {
            if (_stream.Next(Served) is { } encoded) _unanswered.Enqueue((DeltaDiscoveryResponse.Parser.ParseFrom(encoded.Body.Span), encoded.Nonce));
        }

        private void Answer(bool refuse)
        {
            if (!_unanswered.TryDequeue(out var next)) return;
            if (!refuse)
            {
                foreach (var resource in next.Response.Resources.Where(r => r.Resource_ is not null)) Has[resource.Name] = resource.Version;
                foreach (var name in next.Response.RemovedResources) Has.Remove(name);
                Forget();
            }
            _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = _type.TypeUrl, ResponseNonce = next.Nonce, ErrorDetail = refuse ? new Google.Rpc.Status { Message = "no" } : null }, default);
        }

        private void Ask(string[] names, string[] givenUp)
        {
            Asked.UnionWith(names);
            Asked.ExceptWith(givenUp);
            _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = _type.TypeUrl, ResourceNamesSubscribe = { names }, ResourceNamesUnsubscribe = { givenUp } }, default);
            Forget();
        }

        /// <summary>A client drops what it does not want any more; of hosts it cannot tell, and keeps them.</summary>
        private void Forget()
        {
            if (_type == ResourceType.VirtualHost) return;
            foreach (var name in Has.Keys.Where(n => !Wants(n)).ToList()) Has.Remove(name);
        }
    }
}
