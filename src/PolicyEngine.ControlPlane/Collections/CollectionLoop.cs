using System.Threading.Channels;
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
    private const int MostWaitingRequests = 64;

    private readonly Channel<WatchRequest> _inbox = Channel.CreateBounded<WatchRequest>(MostWaitingRequests);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _gate = new();
    private readonly CollectionStream _state = new(shared.Options.CollectionSyncInterval);

    public async Task Run(IAsyncStreamReader<WatchRequest> requests, IServerStreamWriter<WatchResponse> responses, CancellationToken cancellation)
    {
        if (!await requests.MoveNext(cancellation)) return;
        var first = requests.Current;
        if (first.Subscription?.Node is not { Id.Length: > 0 } node) throw Wrong("the first request of a stream must be a subscription that has a node with an id");
        var identity = Identities.Of(node) with { Peer = Peer.Of(http) };
        var fleet = shared.FleetOf(identity);
        var session = new Session(shared.Nodes.NextStream(), identity, shared.Time.GetUtcNow(), shared.Nodes);
        session.Fleet = fleet;
        Receive(first, session);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        shared.Nodes.Add(session.Stream, new StatusOnly(() => session.Status(_state, _gate)));
        shared.Cache.Add(session.Stream, Wake);
        Meters.Streams.Add(1);
        shared.Nodes.Tell(new NodeEvent(NodeEventKind.Connected, session.Identity.Id, session.Fleet, null, default));
        var reading = Read(requests, ending.Token);
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
            var ended = _inbox.Reader.Completion.IsCompleted;
            while (_inbox.Reader.TryRead(out var request)) Receive(request, session);
            session.Fleet = shared.FleetOf(session.Identity);
            var now = shared.Time.GetUtcNow();
            Turn turn = default;
            if (session.Fleet is { } current && shared.Cache.Current(current) is { } snapshot)
                lock (_gate) turn = _state.Next(snapshot, now);
            if (turn.Response is { } response) await shared.Send(responses, response, session.Identity.Id, http, cancellation);
            else if (ended) break;
            else if (turn.Until is { } until) await _wake.WaitAsync(until - now, cancellation);
            else await _wake.WaitAsync(cancellation);
        }
        await _inbox.Reader.Completion;
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
                foreach (var item in news) Tell(item, session);
                break;
            case WatchRequest.KindOneofCase.Report:
                session.Reports.Take(request.Report, session.Fleet, shared.Time.GetUtcNow());
                break;
            default:
                throw Wrong("a request holds one of subscription, answer and report");
        }
    }

    private void Tell(StreamNews news, Session session)
    {
        if (news.Rejection is { } rejection)
        {
            Meters.Rejections.Add(1, new KeyValuePair<string, object?>("type", news.Type.ShortName));
            Log.Rejected(shared.Logger, session.Identity.Id, news.Type.ShortName, news.Version.Short, rejection.Message);
        }
        shared.Nodes.Tell(new NodeEvent(news.Rejection is null ? NodeEventKind.Acknowledged : NodeEventKind.Rejected, session.Identity.Id, session.Fleet, news.Type, news.Version, news.Rejection));
    }

    private async Task Read(IAsyncStreamReader<WatchRequest> requests, CancellationToken cancellation)
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
            failure = e as RpcException ?? Wrong("a request could not be read: it is no message of this method");
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

    private static RpcException Wrong(string what) => new(new Status(StatusCode.InvalidArgument, what));

    private sealed class Session(long stream, NodeIdentity identity, DateTimeOffset since, NodeRegistry registry)
    {
        public long Stream { get; } = stream;

        public NodeIdentity Identity { get; } = identity;

        public NodeReports Reports { get; } = new(registry, identity.Id);

        public string? Fleet { get; set; }

        public NodeStatus Status(CollectionStream state, Lock gate)
        {
            lock (gate) return new NodeStatus { Stream = Stream, Node = Identity, Fleet = Fleet, ConnectedAt = since, Protocol = "collections", Types = state.Status };
        }
    }
}
