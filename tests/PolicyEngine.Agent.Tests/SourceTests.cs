using System.Net;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using Status = Grpc.Core.Status;
using Wrapped = PolicyEngine.Protos.Collections.V1.Resource;

namespace PolicyEngine.Agent.Tests;

/// <summary>An agent whose source breaks off, lies or refuses: what it serves is a whole version all the same, and it says what was wrong.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task StreamThatBreaksOffInTheMiddleOfAVersion_ShowsNothingOfIt()
    {
        var (first, second) = (Samples.Snapshot(("a", 1)), Samples.Snapshot(("a", 2), ("b", 1)));
        await using var source = await Source.Start();
        await using var agent = await AgentApp.Start(source.Options(_folder), TestContext.Current.CancellationToken);
        await source.Take(r => r.KindCase == WatchRequest.KindOneofCase.Subscription);
        await source.Version(first, 1);
        await source.Take(r => r.Answer is { Nonce: "whole", Refusal: null });
        await source.Send(Sent(second, ResourceType.Cluster), 1);
        await source.Take(r => r.Answer is { Nonce: "a collection", Refusal: null });
        Assert.Equal(first.Revision, agent.Current!.Snapshot.Revision);
        source.BreakOff();
        // It comes again, tells what it has, and takes the version when it is whole.
        var again = await source.Take(r => r.KindCase == WatchRequest.KindOneofCase.Subscription);
        Assert.Equal(first[ResourceType.Cluster].Version.ToString(), again.Subscription.Held[CollectionNames.Of(ResourceType.Cluster)].Hash);
        Assert.Equal(first.Revision, agent.Current!.Snapshot.Revision);
        await source.Version(second, 1);
        await source.Take(r => r.Answer is { Nonce: "whole", Refusal: null });
        Assert.Equal(second.Revision, agent.Current!.Snapshot.Revision);
    }

    [Fact]
    public async Task VersionThatIsNotWhole_IsRefusedWithTheReason_AndEverythingIsAskedForAnew()
    {
        var (first, second) = (Samples.Snapshot(("a", 1)), Samples.Snapshot(("a", 2)));
        await using var source = await Source.Start();
        await using var agent = await AgentApp.Start(source.Options(_folder), TestContext.Current.CancellationToken);
        await source.Take(r => r.KindCase == WatchRequest.KindOneofCase.Subscription);
        await source.Version(first, 1);
        // The completion of a version of which nothing was sent.
        await source.Send(new WatchResponse { Nonce = "not whole", Completion = Source.Complete(second) }, 1);
        var refusal = (await source.Take(r => r.Answer is { Nonce: "not whole" })).Answer.Refusal;
        Assert.Contains("it is not whole", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(CollectionNames.Of(ResourceType.Cluster), refusal.Collection);
        var again = await source.Take(r => r.KindCase == WatchRequest.KindOneofCase.Subscription);
        Assert.Empty(again.Subscription.Held);
        Assert.Equal(first.Revision, agent.Current!.Snapshot.Revision);
        await source.Version(second, 2);
        await source.Take(r => r.Answer is { Nonce: "whole", Refusal: null });
        Assert.Equal(second.Revision, agent.Current!.Snapshot.Revision);
    }

    [Fact]
    public async Task CollectionOfAnotherType_AndOneThatCannotBeRead_AreRefusedByName()
    {
        await using var source = await Source.Start();
        await using var agent = await AgentApp.Start(source.Options(_folder), TestContext.Current.CancellationToken);
        await source.Take(r => r.KindCase == WatchRequest.KindOneofCase.Subscription);
        foreach (var (version, any, says) in new[]
        {
            ("v1", new Any { TypeUrl = ResourceType.RouteTable.TypeUrl }, "'x' is not a envoy.config.cluster.v3.Cluster"),
            ("v2", new Any { TypeUrl = ResourceType.Cluster.TypeUrl, Value = Google.Protobuf.ByteString.CopyFrom(0x0a, 0xff, 0x01) }, "'x' cannot be read"),
        })
        {
            await source.Send(new WatchResponse { Nonce = version, Collection = new Collection { Name = CollectionNames.Of(ResourceType.Cluster), Version = version, Resources = { new Wrapped { Name = "x", Resource_ = any } } } }, 1);
            Assert.Contains(says, (await source.Take(r => r.Answer?.Nonce == version)).Answer.Refusal.Message, StringComparison.Ordinal);
        }
        Assert.Null(agent.Current);
    }

    [Fact]
    public async Task PortThatIsTaken_IsAnError_AndLetsGoOfTheFolder()
    {
        await using var source = await Source.Start();
        var options = source.Options(_folder);
        await Assert.ThrowsAnyAsync<IOException>(() => AgentApp.Start(options with { Listen = new IPEndPoint(IPAddress.Loopback, options.Server.Port) }, TestContext.Current.CancellationToken));
        await using var agent = await AgentApp.Start(options, TestContext.Current.CancellationToken);
        await source.Take(r => r.KindCase == WatchRequest.KindOneofCase.Subscription);
    }

    private static WatchResponse Sent(Snapshot snapshot, ResourceType type) => new() { Nonce = "a collection", Collection = Source.Whole(snapshot, type) };

    /// <summary>A source that does what a test tells it.</summary>
    private sealed class Source : SnapshotCollections.SnapshotCollectionsBase, IAsyncDisposable
    {
        private readonly System.Threading.Channels.Channel<WatchRequest> _requests = System.Threading.Channels.Channel.CreateUnbounded<WatchRequest>();
        private WebApplication _app = null!;
        private IServerStreamWriter<WatchResponse> _responses = null!;
        private TaskCompletionSource _broken = new();

        public static async Task<Source> Start()
        {
            var source = new Source();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(k => k.ListenForNodes(IPAddress.Loopback, 0));
            builder.Services.AddGrpc();
            builder.Services.AddSingleton(source);
            source._app = builder.Build();
            source._app.MapGrpcService<Source>();
            await source._app.StartAsync();
            return source;
        }

        public AgentOptions Options(string folder) =>
            AgentOptions.Parse(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(), "agent-1", "fleet", [], "127.0.0.1:0", folder);

        public override async Task Watch(IAsyncStreamReader<WatchRequest> requestStream, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
        {
            (_responses, var broken) = (responseStream, _broken = new TaskCompletionSource());
            var reading = Read(requestStream);
            await Task.WhenAny(reading, broken.Task);
            if (broken.Task.IsCompleted) throw new RpcException(new Status(StatusCode.Aborted, "broken off"));
        }

        public void BreakOff() => _broken.SetResult();

        /// <summary>The next request that is meant; others are passed over.</summary>
        public async Task<WatchRequest> Take(Func<WatchRequest, bool> meant)
        {
            while (true)
            {
                var request = await _requests.Reader.ReadAsync().AsTask().WithTimeout();
                if (meant(request)) return request;
            }
        }

        public Task Send(WatchResponse response, ulong subscription)
        {
            response.Subscription = subscription;
            return _responses.WriteAsync(response);
        }

        public async Task Version(Snapshot snapshot, ulong subscription)
        {
            foreach (var set in snapshot.Sets) await Send(new WatchResponse { Nonce = "part", Collection = Whole(snapshot, set.Type) }, subscription);
            await Send(new WatchResponse { Nonce = "whole", Completion = Complete(snapshot) }, subscription);
        }

        public static Collection Whole(Snapshot snapshot, ResourceType type) => CollectionEncoder.Whole(snapshot[type], snapshot.Revision, TimeSpan.Zero);

        public static Completion Complete(Snapshot snapshot) => new()
        {
            Version = snapshot.Revision.ToString(),
            Fleet = snapshot.Fleet,
            Collections = { snapshot.Sets.Select(s => new CollectionState { Name = CollectionNames.Of(s.Type), Hash = s.Version.ToString() }) },
        };

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task Read(IAsyncStreamReader<WatchRequest> requests)
        {
            try
            {
                while (await requests.MoveNext()) await _requests.Writer.WriteAsync(requests.Current);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
            {
                // The agent went away, or the stream was broken off.
            }
        }
    }
}
