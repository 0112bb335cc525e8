using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grpc.Net.Client;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Ir;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;
using EnvoyCluster = Envoy.Config.Cluster.V3.Cluster;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using Resource = PolicyEngine.Xds.Resource;

namespace PolicyEngine.ControlPlane.Tests.Collections;

/// <summary>Many watchers of collections, and publications that come faster than versions go out.</summary>
public sealed class CollectionLoadTests
{
    private const int Watchers = 200;
    private const int Channels = 4;
    private const int Publications = 200;
    private const int Clusters = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task ManyWatchers_OverManyPublications_AllEndAtTheNewest_AndSeeWholeVersionsOnly()
    {
        var options = new ControlPlaneOptions { WriteTimeout = Patience };
        await using var host = await Start(options);
        Publish(host, 0);
        var channels = Enumerable.Range(0, Channels).Select(_ => GrpcChannel.ForAddress($"http://127.0.0.1:{host.Port}")).ToList();
        using var apart = GrpcChannel.ForAddress($"http://127.0.0.1:{host.Port}");
        // One that does not even read what it was sent first, and one that reads and never answers.
        await using var deaf = new CollectionClient(host, apart);
        await deaf.Subscribe(s => s.Node.Id = "deaf");
        await using var mute = new CollectionClient(host, apart);
        await mute.Subscribe(s => s.Node.Id = "mute");
        WatchResponse heard;
        do heard = await mute.Next();
        while (heard.KindCase != WatchResponse.KindOneofCase.Completion);

        var watchers = Enumerable.Range(0, Watchers).Select(i => new Watcher(host, channels[i % Channels], $"w{i}", i % 2 == 0)).ToList();
        var newest = Content(Publications).Revision.ToString();
        var following = Task.WhenAll(watchers.Select(w => w.Follow(newest)));
        var published = await PublishAll(host);
        await following.WithTimeout(Patience);
        Assert.All(watchers, w => Assert.True(w.Took >= (w.Versions - 1) * options.CollectionSyncInterval, $"{w.Versions} versions in {w.Took}"));

        // What was never the newest when somebody was ready for it is kept by nobody: what is served and what is under way to the two are left.
        await Waiting.Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return published.Count(p => p.IsAlive) <= 4;
        }, "the sets of earlier publications to be gone");

        // They come to the newest at once, when they are ready.
        Assert.NotEqual(newest, (await deaf.Version()).Completion.Version);
        Assert.Equal(newest, (await deaf.Version()).Completion.Version);
        await mute.Answer(heard);
        Assert.Equal(newest, (await mute.Version()).Completion.Version);
        foreach (var watcher in watchers) await watcher.DisposeAsync();
        foreach (var channel in channels) channel.Dispose();
        await deaf.DisposeAsync();
        await mute.DisposeAsync();
        await Waiting.Until(() => host.Nodes.Nodes.IsEmpty, "nothing to be left of any of them");
    }

    private static async Task<List<WeakReference>> PublishAll(XdsHost host)
    {
        var published = new List<WeakReference>();
        for (var i = 1; i <= Publications; i++)
        {
            published.Add(Publish(host, i));
            await Task.Yield();
        }
        return published;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Publish(XdsHost host, int version)
    {
        var snapshot = Content(version);
        host.Cache.Publish(snapshot);
        return new WeakReference(snapshot[ResourceType.Cluster]);
    }

    /// <summary>Clusters that all say which version it is, a table that leads to one of them, and something larger than what fits on the way unread.</summary>
    private static Snapshot Content(int version) => Xds.Snapshot.Of("fleet",
    [
        .. Enumerable.Range(0, Clusters).Select(i => Cluster($"c{i}", 1 + version)),
        Routes($"c{version % Clusters}"),
        Resource.Of(ResourceType.Listener, "large", new EnvoyListener { Name = "large", StatPrefix = new string('x', 300_000) }, []),
    ]);

    private sealed class Watcher(XdsHost host, GrpcChannel channel, string name, bool incremental) : IAsyncDisposable
    {
        private readonly CollectionClient _client = new(host, channel);
        private readonly Dictionary<string, SortedDictionary<string, Resource>> _has = new(StringComparer.Ordinal);

        public int Versions { get; private set; }

        public TimeSpan Took { get; private set; }

        public async Task Follow(string newest)
        {
            var watch = Stopwatch.StartNew();
            await _client.Subscribe(s => (s.Node.Id, s.Incremental) = (name, incremental));
            string version;
            do
            {
                var (collections, completion) = await _client.Version();
                version = completion.Version;
                foreach (var collection in collections) Stage(collection, version);
                Assert.All(completion.Collections, c => Assert.Equal(c.Hash, Hash(c.Name)));
                Assert.Single(_has[CollectionNames.Of(ResourceType.Cluster)].Values.Select(r => ((EnvoyCluster)r.Message).ConnectTimeout).Distinct());
                Versions++;
            }
            while (version != newest);
            Took = watch.Elapsed;
        }

        public ValueTask DisposeAsync() => _client.DisposeAsync();

        private void Stage(Collection collection, string version)
        {
            Assert.Equal(version, collection.Version);
            var type = CollectionNames.Find(collection.Name)!;
            var set = collection.Incremental ? _has[collection.Name] : _has[collection.Name] = new(StringComparer.Ordinal);
            foreach (var resource in collection.Resources) set[resource.Name] = Resource.FromBytes(type, resource.Name, resource.Resource_.Value.Memory, []);
            foreach (var gone in collection.Removed) Assert.True(set.Remove(gone));
        }

        private string Hash(string collection) => Revision.Combine((_has.GetValueOrDefault(collection) ?? []).Values.Select(r => (r.Name, r.Revision))).ToString();
    }
}
