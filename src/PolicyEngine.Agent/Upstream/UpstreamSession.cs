using System.Threading.Channels;
using Grpc.Core;
using PolicyEngine.Agent.Staging;
using PolicyEngine.Protos.Collections.V1;

namespace PolicyEngine.Agent.Upstream;

/// <summary>One stream to the server, from subscription to end. Reads on one side; answers and reports leave through one writer.</summary>
internal sealed class UpstreamSession(UpstreamParts parts)
{
    private const int MostWaiting = 64;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly Channel<WatchRequest> _outbox = Channel.CreateBounded<WatchRequest>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly SemaphoreSlim _news = new(1, 1);
    private Stage _stage = new();

    /// <summary>Whether the server said anything.</summary>
    public bool HasHeard { get; private set; }

    /// <summary>Throws <see cref="RpcException"/> where the stream fails.</summary>
    public async Task Run(SnapshotCollections.SnapshotCollectionsClient client, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var call = client.Watch(cancellationToken: ending.Token);
        _stage = new Stage { Current = parts.Serving.Current };
        await Subscribe(tellHeld: true, ending.Token);
        var writing = Write(call.RequestStream, ending.Token);
        var listening = Listen(ending.Token);
        var reporting = Report(ending.Token);
        using var quiet = parts.Time.CreateTimer(_ => Log.NothingYet(parts.Logger, parts.Options.Server, parts.Options.Node, parts.Options.Cluster), null, Quiet, Timeout.InfiniteTimeSpan);
        try
        {
            while (await call.ResponseStream.MoveNext(ending.Token))
            {
                if (!HasHeard) Log.Connected(parts.Logger, parts.Options.Server);
                HasHeard = true;
                quiet.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                await Take(call.ResponseStream.Current, ending.Token);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(writing, listening, reporting);
        }
    }

    private async Task Take(WatchResponse response, CancellationToken cancellation)
    {
        (_stage, var verdict) = _stage.Take(response);
        if (verdict is Verdict.Ignored) return;
        if (verdict is Verdict.Whole { Applied: var version }) parts.Serving.Apply(version);
        var refused = verdict as Verdict.Refused;
        if (refused is not null) Log.Refused(parts.Logger, refused.Collection, refused.Message);
        await Say(Requests.Answer(response.Nonce, refused), cancellation);
        if (refused is { StartOver: true }) await Subscribe(tellHeld: false, cancellation);
    }

    private async Task Subscribe(bool tellHeld, CancellationToken cancellation)
    {
        _stage = _stage.Subscribed(tellHeld);
        await Say(Requests.Subscribe(parts.Options, tellHeld ? _stage.Current : null), cancellation);
    }

    private async Task Say(WatchRequest request, CancellationToken cancellation)
    {
        try
        {
            await _outbox.Writer.WriteAsync(request, cancellation);
        }
        catch (ChannelClosedException)
        {
            // The stream cannot be written any more; why, its reader learns.
        }
    }

    private async Task Write(IClientStreamWriter<WatchRequest> requests, CancellationToken cancellation)
    {
        try
        {
            await foreach (var request in _outbox.Reader.ReadAllAsync(cancellation)) await requests.WriteAsync(request, cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException or InvalidOperationException)
        {
            // The stream is over. Whoever waits for room must not wait for ever.
            _outbox.Writer.TryComplete();
        }
    }

    /// <summary>A report when a node did something, and now and then, as not everything is told; never one that says what the last one said.</summary>
    private async Task Report(CancellationToken cancellation)
    {
        WatchRequest? last = null;
        try
        {
            while (true)
            {
                await _news.WaitAsync(Refresh, cancellation);
                var report = Requests.Report(parts.Nodes.Nodes);
                if (!report.Equals(last)) await Say(report, cancellation);
                last = report;
            }
        }
        catch (OperationCanceledException)
        {
            // The stream is over.
        }
    }

    /// <summary>However much happens while a report is on its way, it is one more report.</summary>
    private async Task Listen(CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in parts.Nodes.Watch(_ => true, cancellation))
                if (_news.CurrentCount == 0) _news.Release();
        }
        catch (OperationCanceledException)
        {
            // The stream is over.
        }
    }
}
