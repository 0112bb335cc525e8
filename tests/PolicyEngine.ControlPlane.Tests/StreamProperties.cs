using Envoy.Service.Discovery.V3;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.ControlPlane.Wire;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyRoutes = Envoy.Config.Route.V3.RouteConfiguration;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>
/// The two stream states against a model of a client, over any order of publications, subscriptions, acknowledgements and refusals. Whatever
/// happened: in the end the client has what it wants of what is served, and at no time do its routes lead to a cluster that it lost.
/// </summary>
public sealed class StreamProperties
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    private static readonly string[] Tables = ["routes", "more"];

    /// <summary>What may happen; numbers choose among what is possible at that moment.</summary>
    public sealed record Step(int What, int Which, int How);

    public static class Steps
    {
        public static Arbitrary<Step> Step() => (from what in Gen.Choose(0, 9) from which in Gen.Choose(0, 63) from how in Gen.Choose(1, 3) select new Step(what, which, how)).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 2000)]
    public void Delta_ClientEndsInStep_AndNeverLosesAClusterInUse(Step[] steps)
    {
        var client = new DeltaModel();
        foreach (var step in steps) Run(step, client);
        client.Finish();
        client.InStep();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 2000)]
    public void Sotw_ClientEndsInStep_AndNeverLosesAClusterInUse(Step[] steps)
    {
        var client = new SotwModel();
        foreach (var step in steps) Run(step, client);
        client.Finish();
        client.InStep();
    }

    /// <summary>With what is not there said as errors: a client that goes by them ends in step as well, and none is said twice.</summary>
    [Property(Arbitrary = [typeof(Steps)], MaxTest = 1000)]
    public void E11_WithResourceErrors_ClientEndsInStep(Step[] steps)
    {
        foreach (Model client in new Model[] { new DeltaModel(errors: true), new SotwModel(errors: true) })
        {
            foreach (var step in steps) Run(step, client);
            client.Finish();
            client.InStep();
        }
    }

    /// <summary>
    /// What once went wrong, as it was found. Delta: a removal is refused, and while the set stays the same another one goes out: it was forgotten then; and
    /// routes that are kept because their successors are refused. State of the world: routes that are kept beside a set that has none, or has them again.
    /// </summary>
    public static TheoryData<bool, string> OnceWrong => new()
    {
        { true, "9,28,2 0,37,2 5,0,1 5,0,1 6,0,1 0,15,1 6,0,1 5,0,1 0,0,2 5,0,1 6,0,1 5,0,1 8,0,1 6,0,1 5,0,1" },
        { true, "0,62,1 5,13,3 6,11,2 4,5,3 2,24,3 3,12,3 6,4,2 0,57,3 8,2,3 5,43,3 5,31,2" },
        { true, "4,31,3 4,46,2 6,6,1 0,60,1 6,51,1 5,39,2 0,37,2 7,36,1 4,16,1 0,17,2 8,62,2 4,17,1 1,7,1 5,44,1 7,29,3 2,36,2 6,4,1 3,25,3 8,58,1 4,42,1" },
        { true, "2,36,3 5,0,1 2,13,3 6,57,2 5,56,2 5,3,2 7,53,2 5,62,2 2,10,2 4,37,3 5,38,1 2,48,2 4,27,3 7,21,2 8,51,2 8,48,1 6,59,1 8,4,3" },
        { true, "1,45,2 3,55,3 1,25,3 4,28,1 8,17,2 7,30,3 4,19,1" },
        { false, "1,63,2 4,52,3 6,48,1 4,56,2 0,40,1 3,28,1 3,14,1" },
        { false, "0,13,2 3,9,1 6,18,1 5,30,2 1,26,1 6,62,1 4,37,2 7,26,1 4,18,2 8,8,3 0,3,1 4,44,1 3,1,1" },
        { false, "0,63,3 5,51,1 6,58,1 5,46,3 1,35,2 5,13,2 5,12,3 7,38,3 7,22,2 1,41,1 3,56,3 6,34,3 7,18,2 4,54,3 8,52,3" },
    };

    [Theory]
    [MemberData(nameof(OnceWrong))]
    public void WhatOnceWentWrong_DoesNot(bool isDelta, string steps)
    {
        Step[] read = [.. steps.Split(' ').Select(s => s.Split(',').Select(int.Parse).ToArray()).Select(n => new Step(n[0], n[1], n[2]))];
        if (isDelta) Delta_ClientEndsInStep_AndNeverLosesAClusterInUse(read);
        else Sotw_ClientEndsInStep_AndNeverLosesAClusterInUse(read);
    }

    private static void Run(Step step, Model client)
    {
        switch (step.What)
        {
            case < 3: client.Publish(step.Which, step.How); break;
            case < 6: client.Take(); break;
            case < 8: client.Answer(refuse: false); break;
            case 8: client.Answer(refuse: true); break;
            default: client.Wish(step.Which); break;
        }
    }

    private abstract class Model
    {
        protected Snapshot Served { get; private set; } = Snapshot(null);

        protected SortedDictionary<string, string> Clusters { get; set; } = new(StringComparer.Ordinal);

        /// <summary>Which cluster a route table leads to, by table.</summary>
        protected SortedDictionary<string, string> Routes { get; } = new(StringComparer.Ordinal);

        /// <summary>Names of clusters, or null for all.</summary>
        protected HashSet<string>? Wanted { get; set; }

        protected Queue<(EncodedResponse Encoded, ResourceType Type)> Unanswered { get; } = new();

        /// <summary>Any of the clusters, each in one of a few versions, and two route tables that lead to some of those or are not there.</summary>
        public void Publish(int which, int version)
        {
            List<Resource> clusters = [.. Names.Where((_, i) => (which >> i & 1) == 1).Select((n, i) => Cluster(n, 1 + (version + i) % 3))];
            if (clusters.Count == 0) Served = Xds.Snapshot.Of("fleet", []);
            else Served = Xds.Snapshot.Of("fleet", [.. clusters, .. which > 47 ? [] : new[] { XdsHost.Routes(clusters[which % clusters.Count].Name) }, .. which % 5 == 0 ? [] : new[] { XdsHost.Routes(clusters[version % clusters.Count].Name, "more") }]);
        }

        public abstract void Take();

        public abstract void Answer(bool refuse);

        public abstract void Wish(int which);

        /// <summary>Takes and acknowledges until there is nothing more; it must come to an end.</summary>
        public void Finish()
        {
            // Nothing of it was ever refused.
            Served = Xds.Snapshot.Of("fleet", [Cluster("a", 11), Cluster("b", 12), Cluster("e", 13), XdsHost.Routes("e"), XdsHost.Routes("e", "more")]);
            for (var i = 0; i < 100; i++)
            {
                var before = Unanswered.Count;
                Take();
                if (before == 0 && Unanswered.Count == 0) return;
                while (Unanswered.Count > 0) Answer(refuse: false);
            }
            Assert.Fail("the server never stops sending");
        }

        public void InStep()
        {
            var expected = Served[ResourceType.Cluster].Resources.Values.Where(r => Wanted?.Contains(r.Name) != false).Select(r => $"{r.Name} {Timeout((EnvoyCluster)r.Message)}");
            Assert.Equal(expected, Clusters.Select(c => $"{c.Key} {c.Value}"));
            Assert.Equal(Tables.Order(StringComparer.Ordinal).Select(t => $"{t} {Target(Served.Find(ResourceType.RouteTable, t)!.Message)}"), Routes.Select(r => $"{r.Key} {r.Value}"));
        }

        /// <summary>Whether it wanted all clusters all the time; one that chooses has to look to it itself.</summary>
        protected bool Chose { get; set; }

        /// <summary>Route tables that are said not to be there; null once something was refused, as it may be said again then.</summary>
        private HashSet<string>? _missing = new(StringComparer.Ordinal);

        protected void CheckErrors(IEnumerable<ResourceError> errors, IReadOnlyCollection<string> sent, ResourceType type)
        {
            List<string> names = [.. errors.Select(e => e.ResourceName.Name)];
            Assert.Empty(names.Intersect(sent));
            if (type != ResourceType.RouteTable || _missing is null) return;
            _missing.ExceptWith(sent);
            foreach (var name in names) Assert.True(_missing.Add(name), $"that there is no {name} is said twice");
        }

        protected void Refused() => _missing = null;

        /// <summary>The invariant of make before break.</summary>
        protected void CheckRoutes()
        {
            foreach (var (table, cluster) in Routes) Assert.True(Chose || Clusters.ContainsKey(cluster), $"{table} leads to {cluster}, which the client was told to drop");
        }

        protected static string Timeout(EnvoyCluster cluster) => cluster.ConnectTimeout.ToString();

        protected static string Target(object routes) => ((EnvoyRoutes)routes).VirtualHosts[0].Routes[0].Route_.Cluster;
    }

    private sealed class DeltaModel : Model
    {
        private readonly DeltaStream _stream;

        public DeltaModel(bool errors = false)
        {
            _stream = new(new ResponseEncoder("test"), null, errors: errors);
            _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl }, default);
            _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = ResourceType.RouteTable.TypeUrl, ResourceNamesSubscribe = { Tables } }, default);
        }

        public override void Take()
        {
            if (_stream.Next(Served) is not { } encoded) return;
            Unanswered.Enqueue((encoded, ResourceType.Of(DeltaDiscoveryResponse.Parser.ParseFrom(encoded.Body.Span).TypeUrl)!));
        }

        public override void Answer(bool refuse)
        {
            if (!Unanswered.TryDequeue(out var next)) return;
            var response = DeltaDiscoveryResponse.Parser.ParseFrom(next.Encoded.Body.Span);
            if (refuse) Refused();
            else Apply(response, next.Type);
            _stream.Receive(new DeltaDiscoveryRequest { TypeUrl = next.Type.TypeUrl, ResponseNonce = next.Encoded.Nonce, ErrorDetail = refuse ? new Google.Rpc.Status { Message = "no" } : null }, default);
        }

        public override void Wish(int which)
        {
            Chose = true;
            var names = Names.Where((_, i) => (which >> i & 1) == 1).ToHashSet();
            var request = new DeltaDiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl };
            if (which > 47)
            {
                if (Wanted is null) return;
                request.ResourceNamesSubscribe.Add("*");
                request.ResourceNamesUnsubscribe.Add(Wanted);
                Wanted = null;
            }
            else
            {
                request.ResourceNamesSubscribe.Add(names.Except(Wanted ?? []));
                if (Wanted is null) request.ResourceNamesUnsubscribe.Add("*");
                else request.ResourceNamesUnsubscribe.Add(Wanted.Except(names));
                Wanted = names;
            }
            _stream.Receive(request, default);
            Forget();
        }

        private void Forget()
        {
            if (Wanted is null) return;
            foreach (var name in Clusters.Keys.Where(n => !Wanted.Contains(n)).ToList()) Clusters.Remove(name);
        }

        private void Apply(DeltaDiscoveryResponse response, ResourceType type)
        {
            CheckErrors(response.ResourceErrors, [.. response.Resources.Select(r => r.Name)], type);
            if (type == ResourceType.RouteTable)
            {
                foreach (var name in response.RemovedResources) Routes.Remove(name);
                foreach (var resource in response.Resources) Routes[resource.Name] = Target(resource.Resource_.Unpack<EnvoyRoutes>());
            }
            else
            {
                foreach (var resource in response.Resources) Clusters[resource.Name] = Timeout(resource.Resource_.Unpack<EnvoyCluster>());
                foreach (var name in response.RemovedResources) Clusters.Remove(name);
                Forget();
            }
            CheckRoutes();
        }
    }

    private sealed class SotwModel : Model
    {
        private readonly SotwStream _stream;

        public SotwModel(bool errors = false)
        {
            _stream = new(new ResponseEncoder("test"), null, errors);
            _stream.Receive(new DiscoveryRequest { TypeUrl = ResourceType.Cluster.TypeUrl }, default);
            _stream.Receive(new DiscoveryRequest { TypeUrl = ResourceType.RouteTable.TypeUrl, ResourceNames = { Tables } }, default);
        }

        public override void Take()
        {
            if (_stream.Next(Served) is not { } encoded) return;
            Unanswered.Enqueue((encoded, ResourceType.Of(DiscoveryResponse.Parser.ParseFrom(encoded.Body.Span).TypeUrl)!));
        }

        public override void Answer(bool refuse)
        {
            if (!Unanswered.TryDequeue(out var next)) return;
            var response = DiscoveryResponse.Parser.ParseFrom(next.Encoded.Body.Span);
            if (refuse) Refused();
            else Apply(response, next.Type);
            _stream.Receive(Request(next.Type, next.Encoded.Nonce, refuse), default);
        }

        public override void Wish(int which)
        {
            Chose = true;
            // Once names were given, an empty list means nothing; the wildcard is then written out.
            Wanted = which > 47 ? null : [.. Names.Where((_, i) => (which >> i & 1) == 1)];
            _stream.Receive(Request(ResourceType.Cluster, "", false), default);
            if (Wanted is not null)
                foreach (var name in Clusters.Keys.Where(n => !Wanted.Contains(n)).ToList()) Clusters.Remove(name);
        }

        private DiscoveryRequest Request(ResourceType type, string nonce, bool refuse)
        {
            var request = new DiscoveryRequest { TypeUrl = type.TypeUrl, ResponseNonce = nonce, ErrorDetail = refuse ? new Google.Rpc.Status { Message = "no" } : null };
            if (type == ResourceType.RouteTable) request.ResourceNames.Add(Tables);
            else if (Wanted is null) request.ResourceNames.Add("*");
            else if (Wanted.Count == 0) request.ResourceNames.Add("none");
            else request.ResourceNames.Add(Wanted);
            return request;
        }

        private void Apply(DiscoveryResponse response, ResourceType type)
        {
            if (type == ResourceType.RouteTable)
            {
                foreach (var table in response.Resources.Select(r => r.Unpack<EnvoyRoutes>())) Routes[table.Name] = Target(table);
                CheckErrors(response.ResourceErrors, [.. response.Resources.Select(r => r.Unpack<EnvoyRoutes>().Name)], type);
                foreach (var error in response.ResourceErrors) Routes.Remove(error.ResourceName.Name);
            }
            else
            {
                CheckErrors(response.ResourceErrors, [.. response.Resources.Select(r => r.Unpack<EnvoyCluster>().Name)], type);
                Clusters.Clear();
                foreach (var cluster in response.Resources.Select(r => r.Unpack<EnvoyCluster>()))
                    if (Wanted?.Contains(cluster.Name) != false) Clusters[cluster.Name] = Timeout(cluster);
            }
            CheckRoutes();
        }
    }
}
