using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Envoy.Config.Core.V3;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Wire;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>What all streams share.</summary>
internal sealed record StreamContext(SnapshotCache Cache, NodeRegistry Nodes, IFleetSelector Fleets, ResponseEncoder Encoder, TimeProvider Time, ControlPlaneOptions Options, StreamLives Lives, ILogger<StreamContext> Logger)
{
    /// <summary>The fleet of a node; null where none wants it. Throws <see cref="RpcException"/> where its peer may not be that node.</summary>
    public string? FleetOf(NodeIdentity node) => Fleets.Objection(node) is { } objection ? throw new RpcException(new Status(StatusCode.PermissionDenied, objection)) : Fleets.FleetOf(node);
}

/// <summary>
/// One stream is one loop with one writer. A reader beside it fills a bounded channel; publishing only sets a flag that wakes the loop. The
/// response is computed when the stream is free to write, from the snapshot of that moment.
/// </summary>
internal sealed class StreamLoop<TRequest>(StreamContext shared, IStreamState<TRequest> state, Func<TRequest, Node?> nodeOf, string protocol, HttpContext http)
{
    private const int MostWaitingRequests = 64;

    private readonly Channel<TRequest> _inbox = Channel.CreateBounded<TRequest>(MostWaitingRequests);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();

    public async Task Run(IAsyncStreamReader<TRequest> requests, IServerStreamWriter<EncodedResponse> responses, CancellationToken cancellation)
    {
        if (!await requests.MoveNext(cancellation)) return;
        var first = requests.Current;
        if (nodeOf(first) is not { Id.Length: > 0 } node) throw new RpcException(new Status(StatusCode.InvalidArgument, "the first request of a stream must have a node with an id"));
        var identity = NodeIdentity.Of(node, Peer.Of(http));
        var fleet = shared.FleetOf(identity);
        var stream = shared.Nodes.NextStream();
        var session = new Session(stream, identity, shared.Time.GetUtcNow(), protocol, state, _gate) { Fleet = fleet };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        shared.Nodes.Add(stream, session);
        shared.Cache.Add(stream, Wake);
        Meters.Streams.Add(1);
        shared.Nodes.Tell(new NodeEvent(NodeEventKind.Connected, identity.Id, session.Fleet, null, default));
        Receive(first, session);
        var reading = Read(requests, ending.Token);
        try
        {
            await Write(responses, session, ending.Token);
        }
        finally
        {
            shared.Cache.Remove(stream);
            shared.Nodes.Remove(stream);
            Meters.Streams.Add(-1);
            shared.Nodes.Tell(new NodeEvent(NodeEventKind.Disconnected, identity.Id, session.Fleet, null, default));
            await ending.CancelAsync();
            await reading;
        }
    }

    private async Task Write(IServerStreamWriter<EncodedResponse> responses, Session session, CancellationToken cancellation)
    {
        while (true)
        {
            if (shared.Lives.IsStopping) return;
            if (shared.Lives.IsOld(session.Stream, session.Since))
            {
                // The client would come back on the same connection, to the same replica.
                http.Connection.RequestClose();
                return;
            }
            // Read before the inbox: what came before the end is answered before the end.
            var ended = _inbox.Reader.Completion.IsCompleted;
            while (_inbox.Reader.TryRead(out var request)) Receive(request, session);
            session.Fleet = shared.FleetOf(session.Identity);
            var snapshot = session.Fleet is { } fleet ? shared.Cache.Current(fleet) : null;
            EncodedResponse? next = null;
            if (snapshot is not null)
                lock (_gate) next = state.Next(snapshot, shared.Time.GetUtcNow());
            if (next is null)
                lock (_gate) next = state.NextOfNoFleet();
            if (next is { } response) await shared.Send(responses, response, session.Identity.Id, http, cancellation);
            else if (ended) break;
            else if (snapshot is not null && state.NextHeartbeat is { } due) await WaitUntil(due, cancellation);
            else await _wake.WaitAsync(cancellation);
        }
        await _inbox.Reader.Completion;
    }

    private async Task WaitUntil(DateTimeOffset due, CancellationToken cancellation)
    {
        var left = due - shared.Time.GetUtcNow();
        await using var timer = shared.Time.CreateTimer(_ => Wake(), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        if (shared.Time.GetUtcNow() < due) await _wake.WaitAsync(cancellation);
    }

    private void Receive(TRequest request, Session session)
    {
        StreamNews? news;
        lock (_gate) news = state.Receive(request, shared.Time.GetUtcNow());
        if (news is null) return;
        if (news.Rejection is { } rejection)
        {
            Meters.Rejections.Add(1, new KeyValuePair<string, object?>("type", news.Type.ShortName));
            Log.Rejected(shared.Logger, session.Identity.Id, news.Type.ShortName, news.Version.Short, rejection.Message);
        }
        var kind = news.Rejection is null ? NodeEventKind.Acknowledged : NodeEventKind.Rejected;
        shared.Nodes.Tell(new NodeEvent(kind, session.Identity.Id, session.Fleet, news.Type, news.Version, news.Rejection));
    }

    private async Task Read(IAsyncStreamReader<TRequest> requests, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            while (await requests.MoveNext(cancellation))
            {
                await _inbox.Writer.WriteAsync(requests.Current, cancellation);
                Wake();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The peer went away: that is an end like any other.
        }
        catch (Exception e)
        {
            failure = e as RpcException ?? new RpcException(new Status(StatusCode.InvalidArgument, "a request could not be read: it is no message of this method"));
        }
        _inbox.Writer.Complete(failure);
        Wake();
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0) _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke it in the same moment.
        }
    }

    private sealed class Session(long stream, NodeIdentity identity, DateTimeOffset since, string protocol, IStreamState<TRequest> state, Lock gate) : INodeStream
    {
        public long Stream { get; } = stream;

        public NodeIdentity Identity { get; } = identity;

        public DateTimeOffset Since { get; } = since;

        public string? Fleet { get; set; }

        public NodeStatus Status
        {
            get
            {
                lock (gate) return new NodeStatus { Stream = Stream, Node = Identity, Fleet = Fleet, ConnectedAt = Since, Protocol = protocol, Types = state.Status };
            }
        }

        public ImmutableArray<TypeHolding> Holdings
        {
            get
            {
                lock (gate) return state.Holdings;
            }
        }
    }
}

internal static class Meters
{
    private static readonly Meter Meter = new("PolicyEngine.ControlPlane");

    public static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>("policyengine.xds.streams", "{stream}", "Connected discovery streams");
    public static readonly Counter<long> Responses = Meter.CreateCounter<long>("policyengine.xds.responses", "{response}", "Discovery responses sent");
    public static readonly Counter<long> Rejections = Meter.CreateCounter<long>("policyengine.xds.rejections", "{response}", "Responses that a node refused (NACK)");
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>("policyengine.xds.refused", "{stream}", "Streams and calls for which there was no place");
    public static readonly Counter<long> WriteTimeouts = Meter.CreateCounter<long>("policyengine.xds.write_timeouts", "{stream}", "Streams ended because the client did not read");
}

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "Rejected", Level = LogLevel.Warning, Message = "Node '{Node}' refused {Type} {Version}: {Message}")]
    public static partial void Rejected(ILogger logger, string node, string type, string version, string message);

    [LoggerMessage(EventId = 2, EventName = "WriteTimedOut", Level = LogLevel.Warning, Message = "Node '{Node}' did not read in time; its stream was ended")]
    public static partial void WriteTimedOut(ILogger logger, string node);
}
