using Grpc.Core;
using Microsoft.AspNetCore.Http;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Protos.Collections.V1;
using Status = Grpc.Core.Status;

namespace PolicyEngine.ControlPlane.Collections;

/// <summary>
/// One stream of collections is one loop with one writer, as a discovery stream is: a reader beside it fills a bounded channel, publishing only
/// wakes it, and what to send is computed when it is free to write.
/// </summary>
internal sealed class CollectionLoop(StreamContext shared, HttpContext http)
{
    private readonly Inbox<WatchRequest> _inbox = new();
    private readonly Lock _gate = new();
    private readonly CollectionStream _state = new(shared.Options.CollectionSyncInterval);

    public async Task Run(IAsyncStreamReader<WatchRequest> requests, IServerStreamWriter<WatchResponse> responses, CancellationToken cancellation)
    {
        if (!await shared.First(requests, cancellation)) return;
        var first = requests.Current;
        if (first.Subscription?.Node is not { Id.Length: > 0 } node) throw Wrong("the first request of a stream must be a subscription that has a node with an id");
        var identity = Identities.Of(node) with { Peer = Peer.Of(http) };
        var fleet = shared.FleetOf(identity);
        var session = new Session(shared.Nodes.NextStream(), identity, shared.Time.GetUtcNow(), shared.Nodes);
        session.Fleet = fleet;
        Receive(first, session);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        shared.Nodes.Add(session.Stream, new StatusOnly(() => session.Status(_state, _gate)));
        shared.Cache.Add(session.Stream, _inbox.Wake);
        Meters.Streams.Add(1);
        shared.Nodes.Tell(new NodeEvent(NodeEventKind.Connected, session.Identity.Id, session.Fleet, null, default));
        var reading = _inbox.Read(requests, ending.Token);
        try
        {
            await Write(responses, session, ending.Token);
        }
        finally
        {
            shared.Cache.Remove(session.Stream);
            shared.Nodes.Remove(session.Stream);
            session.Reports.Clear();
            Meters.Streams.Add(-1);
            shared.Nodes.Tell(new NodeEvent(NodeEventKind.Disconnected, session.Identity.Id, session.Fleet, null, default));
            await ending.CancelAsync();
            await reading;
        }
    }

    private async Task Write(IServerStreamWriter<WatchResponse> responses, Session session, CancellationToken cancellation)
    {
        while (true)
        {
            if (shared.Lives.IsOver(session.Stream, session.Since, http)) return;
            var ended = _inbox.IsEnded;
            while (_inbox.TryTake(out var request)) Receive(request, session);
            session.Fleet = shared.FleetOf(session.Identity);
            var now = shared.Time.GetUtcNow();
            Turn turn = default;
            if (session.Fleet is { } current && shared.Cache.Current(current) is { } snapshot)
            {
                if (session.Identity.Peer is { IsPrivate: false } peer) peer.MayBeGiven(snapshot, session.Status(_state, _gate).Types.Select(t => t.Type));
                lock (_gate) turn = _state.Next(snapshot, now);
            }
            if (turn.Response is { } response) await shared.Send(responses, response, session.Identity.Id, http, cancellation);
            else if (ended) break;
            else if (turn.Until is { } until) await _inbox.Wait(until - now, cancellation);
            else await _inbox.Wait(cancellation);
        }
        await _inbox.End;
    }

    private void Receive(WatchRequest request, Session session)
    {
        switch (request.KindCase)
        {
            case WatchRequest.KindOneofCase.Subscription:
                lock (_gate) _state.Subscribe(request.Subscription);
                break;
            case WatchRequest.KindOneofCase.Answer:
                IReadOnlyList<StreamNews> news;
                lock (_gate) news = _state.Receive(request.Answer, shared.Time.GetUtcNow());
                foreach (var item in news) shared.Tell(item, session.Identity.Id, session.Fleet);
                break;
            case WatchRequest.KindOneofCase.Report:
                session.Reports.Take(request.Report, session.Fleet, shared.Time.GetUtcNow());
                break;
            default:
                throw Wrong("a request holds one of subscription, answer and report");
        }
    }

    private static RpcException Wrong(string what) => new(new Status(StatusCode.InvalidArgument, what));

    private sealed class Session(long stream, NodeIdentity identity, DateTimeOffset since, NodeRegistry registry)
    {
        public long Stream { get; } = stream;

        public NodeIdentity Identity { get; } = identity;

        public DateTimeOffset Since { get; } = since;

        public NodeReports Reports { get; } = new(registry, identity.Id);

        public string? Fleet { get; set; }

        public NodeStatus Status(CollectionStream state, Lock gate)
        {
            lock (gate) return new NodeStatus { Stream = Stream, Node = Identity, Fleet = Fleet, ConnectedAt = Since, Protocol = "collections", Types = state.Status };
        }
    }
}
