using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests.Collections;

/// <summary>
/// A stream of collections against a model of a client, over any order of publications, deliveries, refusals and new subscriptions: what the
/// client applies is always one whole published version, it ends in step, and nothing is sent that it has.
/// </summary>
public sealed class CollectionProperties
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    /// <summary>What may happen; numbers choose among what is possible at that moment.</summary>
    public sealed record Step(int What, int Which, int How);

    public static class Steps
    {
        public static Arbitrary<Step> Step() => (from what in Gen.Choose(0, 9) from which in Gen.Choose(0, 63) from how in Gen.Choose(1, 3) select new Step(what, which, how)).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 1000)]
    public void Client_AppliesWholeVersionsOnly_AndEndsInStep(Step[] steps)
    {
        var client = new Model();
        foreach (var step in steps)
            switch (step.What)
            {
                case < 3: client.Publish(step.Which, step.How); break;
                case < 6: client.Send(); break;
                case < 8: client.Deliver(refuse: false); break;
                case 8: client.Deliver(refuse: true); break;
                default: client.Subscribe(step.Which); break;
            }
        client.Finish();
    }

    private sealed class Model
    {
        private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

        private readonly CollectionStream _stream = new(Interval);
        private readonly Dictionary<string, Snapshot> _published = new(StringComparer.Ordinal);
        private readonly Queue<WatchResponse> _way = new();
        private readonly Dictionary<string, SortedDictionary<string, Xds.Resource>> _has = new(StringComparer.Ordinal);
        private readonly Dictionary<string, SortedDictionary<string, Xds.Resource>> _staged = new(StringComparer.Ordinal);
        private HashSet<string> _told = [];
        private string[] _wanted = [];
        private string? _staging;
        private string? _refused;
        private string _version = "";
        private ulong _subscriptions;
        private DateTimeOffset _now;
        private Snapshot _served = Snapshot(null);

        public Model()
        {
            Keep();
            Subscribe(0);
        }

        /// <summary>Clusters in one of a few versions, and routes that often stay as they are.</summary>
        public void Publish(int which, int version)
        {
            _served = Snapshot(which > 31 ? "a" : null, [.. Names.Where((_, i) => (which >> i & 1) == 1).Select((n, i) => (n, 1 + (version + i) % 3))]);
            Keep();
        }

        /// <summary>One turn of the server, a while later.</summary>
        public bool Send()
        {
            _now += Interval;
            if (_stream.Next(_served, _now).Response is not { } response) return false;
            _way.Enqueue(response);
            Assert.True(_way.Where(r => r.Subscription == _subscriptions).Select(VersionOf).Where(v => v != _refused).Distinct().Count() <= 1, "more than one version is under way");
            return true;
        }

        public void Deliver(bool refuse)
        {
            if (!_way.TryDequeue(out var response) || response.Subscription != _subscriptions) return;
            var version = VersionOf(response);
            if (version == _refused) return;
            if (_staging != version) _staged.Clear();
            _staging = version;
            if (refuse)
            {
                (_staging, _refused) = (null, version);
                _stream.Receive(new Answer { Nonce = response.Nonce, Refusal = new Refusal { Message = "no" } }, _now);
                return;
            }
            if (response.KindCase == WatchResponse.KindOneofCase.Collection) Stage(response.Collection);
            else Apply(response.Completion);
            _stream.Receive(new Answer { Nonce = response.Nonce }, _now);
        }

        /// <summary>Some of the collections or all, whole or as differences, with or without telling what it has.</summary>
        public void Subscribe(int which)
        {
            var all = ResourceType.All.Select(CollectionNames.Of).ToArray();
            var some = all.Where((_, i) => (which >> i & 1) == 1).ToArray();
            _wanted = some.Length == 0 ? all : some;
            var subscription = new Protos.Collections.V1.Subscription { Incremental = which > 15, Collections = { some } };
            _told = which % 3 == 0 ? [] : [.. _has.Keys];
            foreach (var name in _told)
            {
                var held = new Held { Hash = Hash(_has[name]) };
                if (which % 3 == 1) held.Versions.Add(_has[name].ToDictionary(r => r.Key, r => r.Value.Revision.Short));
                subscription.Held.Add(name, held);
            }
            foreach (var name in _has.Keys.Except(_wanted).ToList()) _has.Remove(name);
            (_staging, _refused) = (null, null);
            _stream.Subscribe(subscription);
            _subscriptions++;
        }

        public void Finish()
        {
            // Nothing of it was ever refused.
            _served = Snapshot("e", ("a", 11), ("e", 13));
            Keep();
            for (var i = 0; i < 100; i++)
            {
                var sent = Send();
                if (!sent && _way.Count == 0) break;
                while (_way.Count > 0) Deliver(refuse: false);
                Assert.True(i < 99, "the server never stops sending");
            }
            Assert.Equal(_served.Revision.ToString(), _version);
            Assert.All(_stream.Status, s => Assert.Equal((Nodes.SyncState.Synced, _served[s.Type].Version), (s.State, s.Acknowledged)));
        }

        private void Stage(Collection collection)
        {
            var target = _published[collection.Version][CollectionNames.Find(collection.Name)!];
            Assert.Contains(collection.Name, _wanted);
            var held = _told.Contains(collection.Name) ? _has.GetValueOrDefault(collection.Name) ?? [] : [];
            Assert.NotEqual(target.Version.ToString(), Hash(held));
            var set = collection.Incremental ? new SortedDictionary<string, Xds.Resource>(held, StringComparer.Ordinal) : new(StringComparer.Ordinal);
            foreach (var resource in collection.Resources)
            {
                var now = Xds.Resource.FromBytes(target.Type, resource.Name, resource.Resource_.Value.Memory, [.. CollectionNames.ReadOrigins(resource.Context.GetValueOrDefault(CollectionNames.Origins) ?? "")]);
                if (collection.Incremental) Assert.NotEqual(now.Revision, set.GetValueOrDefault(now.Name)?.Revision);
                set[now.Name] = now;
            }
            foreach (var name in collection.Removed) Assert.True(set.Remove(name));
            _staged[collection.Name] = set;
        }

        private void Apply(Completion completion)
        {
            // What the server was not told of counts as empty.
            foreach (var name in _has.Keys.Where(n => !_told.Contains(n)).ToList()) _has.Remove(name);
            foreach (var (name, set) in _staged) _has[name] = set;
            Assert.Equal(_wanted, completion.Collections.Select(c => c.Name));
            foreach (var state in completion.Collections)
            {
                var expected = _published[completion.Version][CollectionNames.Find(state.Name)!];
                Assert.Equal(expected.Version.ToString(), state.Hash);
                Assert.Equal(state.Hash, Hash(_has.GetValueOrDefault(state.Name) ?? []));
                Assert.Equal(expected.Resources.Values.SelectMany(r => r.Origins), _has.GetValueOrDefault(state.Name)?.Values.SelectMany(r => r.Origins) ?? []);
            }
            (_version, _staging, _told) = (completion.Version, null, [.. _wanted]);
            _staged.Clear();
        }

        private static string VersionOf(WatchResponse response) => response.Collection?.Version ?? response.Completion.Version;

        private void Keep() => _published[_served.Revision.ToString()] = _served;

        private static string Hash(SortedDictionary<string, Xds.Resource> set) => Revision.Combine(set.Values.Select(r => (r.Name, r.Revision))).ToString();
    }
}
