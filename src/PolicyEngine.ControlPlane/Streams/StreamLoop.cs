using System.Collections.Immutable;
using System.Diagnostics.Metrics;
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

    /// <summary>An acknowledgement or a refusal, to all who want to know.</summary>
    public void Tell(StreamNews news, string node, string? fleet)
    {
        if (news.Rejection is { } rejection)
        {
            Meters.Rejections.Add(1, new KeyValuePair<string, object?>("type", news.Type.ShortName));
            Log.Rejected(Logger, node, news.Type.ShortName, news.Version.Short, rejection.Message);
        }
        Nodes.Tell(new NodeEvent(news.Rejection is null ? NodeEventKind.Acknowledged : NodeEventKind.Rejected, node, fleet, news.Type, news.Version, news.Rejection));
    }
}

/// <summary>
/// One stream is one loop with one writer. A reader beside it fills a bounded channel; publishing only sets a flag that wakes the loop. The
/// response is computed when the stream is free to write, from the snapshot of that moment.
/// </summary>
internal sealed class StreamLoop<TRequest>(StreamContext shared, IStreamState<TRequest> state, Func<TRequest, Node?> nodeOf, string protocol, HttpContext http)
{
    private readonly Inbox<TRequest> _inbox = new();
    private readonly Lock _gate = new();

    public async Task Run(IAsyncStreamReader<TRequest> requests, IServerStreamWriter<EncodedResponse> responses, CancellationToken cancellation)
    {
        if (!await shared.First(requests, cancellation)) return;
        var first = requests.Current;
        if (nodeOf(first) is not { Id.Length: > 0 } node) throw new RpcException(new Status(StatusCode.InvalidArgument, "the first request of a stream must have a node with an id"));
        var identity = NodeIdentity.Of(node, Peer.Of(http));
        var fleet = shared.FleetOf(identity);
        var stream = shared.Nodes.NextStream();
        var session = new Session(stream, identity, shared.Time.GetUtcNow(), protocol, state, _gate) { Fleet = fleet };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        shared.Nodes.Add(stream, session);
        shared.Cache.Add(stream, _inbox.Wake);
        Meters.Streams.Add(1);
        shared.Nodes.Tell(new NodeEvent(NodeEventKind.Connected, identity.Id, session.Fleet, null, default));
        var reading = Task.CompletedTask;
        try
        {
            Receive(first, session);
            reading = _inbox.Read(requests, ending.Token);
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
            if (shared.Lives.IsOver(session.Stream, session.Since, http)) return;
            // Read before the inbox: what came before the end is answered before the end.
            var ended = _inbox.IsEnded;
            while (_inbox.TryTake(out var request)) Receive(request, session);
            session.Fleet = shared.FleetOf(session.Identity);
            var snapshot = session.Fleet is { } fleet ? shared.Cache.Current(fleet) : null;
            if (snapshot is not null && session.Identity.Peer is { IsPrivate: false } peer) peer.MayBeGiven(snapshot, session.Status.Types.Select(t => t.Type));
            EncodedResponse? next = null;
            if (snapshot is not null)
                lock (_gate) next = state.Next(snapshot, shared.Time.GetUtcNow());
            if (next is null)
                lock (_gate) next = state.NextOfNoFleet();
            if (next is { } response) await shared.Send(responses, response, session.Identity.Id, http, cancellation);
            else if (ended) break;
            else if (snapshot is not null && state.NextHeartbeat is { } due) await WaitUntil(due, cancellation);
            else await _inbox.Wait(cancellation);
        }
        await _inbox.End;
    }

    private async Task WaitUntil(DateTimeOffset due, CancellationToken cancellation)
    {
        var left = due - shared.Time.GetUtcNow();
        await using var timer = shared.Time.CreateTimer(_ => _inbox.Wake(), null, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        if (shared.Time.GetUtcNow() < due) await _inbox.Wait(cancellation);
    }

    private void Receive(TRequest request, Session session)
    {
        StreamNews? news;
        lock (_gate) news = state.Receive(request, shared.Time.GetUtcNow());
        if (news is not null) shared.Tell(news, session.Identity.Id, session.Fleet);
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
    public static readonly Counter<long> ClientEntries = Meter.CreateCounter<long>("policyengine.client_reports.entries", "{entry}", "Requests that nodes reported with their clients");
    public static readonly Counter<long> WriteTimeouts = Meter.CreateCounter<long>("policyengine.xds.write_timeouts", "{stream}", "Streams ended because the client did not read");
}

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "Rejected", Level = LogLevel.Warning, Message = "Node '{Node}' refused {Type} {Version}: {Message}")]
    public static partial void Rejected(ILogger logger, string node, string type, string version, string message);

    [LoggerMessage(EventId = 2, EventName = "WriteTimedOut", Level = LogLevel.Warning, Message = "Node '{Node}' did not read in time; its stream was ended")]
    public static partial void WriteTimedOut(ILogger logger, string node);
}
