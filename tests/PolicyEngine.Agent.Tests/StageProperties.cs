using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using PolicyEngine.Agent.Staging;
using PolicyEngine.Agent.Upstream;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.Agent.Tests;

/// <summary>
/// The agent's stage against the server's stream, with a way between them that loses, alters and repeats responses, and ends at any time.
/// Whatever happens, what is applied is one whole published version; and when the way is good again, it is the newest one.
/// </summary>
public sealed class StageProperties
{
    private static readonly string[] Names = ["a", "b", "c", "d"];

    public sealed record Step(int What, int Which, int How);

    public static class Steps
    {
        public static Arbitrary<Step> Step() => (from what in Gen.Choose(0, 11) from which in Gen.Choose(0, 15) from how in Gen.Choose(1, 3) select new Step(what, which, how)).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 1000)]
    public void WhateverTheWayDoes_HalfAVersionIsNeverApplied_AndTheNewestIsInTheEnd(Step[] steps)
    {
        var way = new Way();
        foreach (var step in steps)
            switch (step.What)
            {
                case < 3: way.Publish(step.Which, step.How); break;
                case < 6: way.Send(); break;
                case < 8: way.Deliver(); break;
                case 8: way.Lose(); break;
                case 9: way.Alter(step.Which); break;
                case 10: way.Repeat(); break;
                default: way.Connect(); break;
            }
        way.Finish();
    }

    private sealed class Way
    {
        private static readonly AgentOptions Options = AgentOptions.Parse("http://127.0.0.1:1", "agent", "fleet", [], "127.0.0.1:0", "data");

        private readonly Dictionary<string, Snapshot> _published = new(StringComparer.Ordinal);
        private Queue<WatchResponse> _responses = new();
        private CollectionStream _server = null!;
        private Stage _agent = new();
        private Snapshot _served = Samples.Snapshot();
        private DateTimeOffset _now;

        public Way()
        {
            Keep();
            Connect();
        }

        public void Publish(int which, int version)
        {
            _served = Samples.Snapshot([.. Names.Where((_, i) => (which >> i & 1) == 1).Select((n, i) => (n, 1 + (version + i) % 3))]);
            Keep();
        }

        public bool Send()
        {
            _now += TimeSpan.FromSeconds(1);
            if (_server.Next(_served, _now).Response is not { } response) return false;
            // As the wire does it: nothing is shared.
            _responses.Enqueue(response.Clone());
            return true;
        }

        public void Deliver()
        {
            if (_responses.TryDequeue(out var response)) Take(response);
        }

        public void Lose() => _responses.TryDequeue(out _);

        public void Repeat()
        {
            if (_responses.TryPeek(out var response)) Take(response);
        }

        /// <summary>Something is not as it was sent: content, names, versions, hashes.</summary>
        public void Alter(int which)
        {
            if (!_responses.TryPeek(out var response)) return;
            switch (response.KindCase, which % 6)
            {
                case (WatchResponse.KindOneofCase.Collection, 0) when response.Collection.Resources.Count > 0: response.Collection.Resources.RemoveAt(0); break;
                case (WatchResponse.KindOneofCase.Collection, 1) when response.Collection.Resources.Count > 0: response.Collection.Resources[0].Resource_.Value = ByteString.CopyFrom(0x0a, 0xff, 0x01); break;
                case (WatchResponse.KindOneofCase.Collection, 2) when response.Collection.Resources.Count > 0: response.Collection.Resources.Add(response.Collection.Resources[0]); break;
                case (WatchResponse.KindOneofCase.Collection, 3): response.Collection.Incremental ^= true; break;
                case (WatchResponse.KindOneofCase.Collection, 4): response.Collection.Name = "no.such.Collection"; break;
                case (WatchResponse.KindOneofCase.Collection, _): response.Collection.Removed.Add("a"); break;
                case (WatchResponse.KindOneofCase.Completion, 0): response.Completion.Fleet = ""; break;
                case (WatchResponse.KindOneofCase.Completion, 1): response.Completion.Collections[0].Hash = "?"; break;
                case (WatchResponse.KindOneofCase.Completion, 2): response.Completion.Version = ""; break;
                default: response.ClearKind(); break;
            }
        }

        /// <summary>A new stream; what was on its way is lost.</summary>
        public void Connect()
        {
            _responses = new();
            _server = new CollectionStream(TimeSpan.FromMilliseconds(100));
            _agent = new Stage { Current = _agent.Current };
            Subscribe(tellHeld: true);
        }

        public void Finish()
        {
            Connect();
            for (var i = 0; i < 100; i++)
            {
                var sent = Send();
                if (!sent && _responses.Count == 0) break;
                while (_responses.Count > 0) Deliver();
                Assert.True(i < 99, "it never ends");
            }
            Assert.Equal(_served.Revision, _agent.Current?.Snapshot.Revision);
        }

        private void Take(WatchResponse response)
        {
            (_agent, var verdict) = _agent.Take(response.Clone());
            if (_agent.Current is { } current)
            {
                Assert.Equal(_published[current.Version].Revision, current.Snapshot.Revision);
                Assert.Equal(_published[current.Version].Resources.SelectMany(r => r.Origins), current.Snapshot.Resources.SelectMany(r => r.Origins));
            }
            if (verdict is Verdict.Ignored) return;
            _server.Receive(Requests.Answer(response.Nonce, verdict as Verdict.Refused).Answer, _now);
            if (verdict is Verdict.Refused { StartOver: true }) Subscribe(tellHeld: false);
        }

        private void Subscribe(bool tellHeld)
        {
            _agent = _agent.Subscribed(tellHeld);
            _server.Subscribe(Requests.Subscribe(Options, tellHeld ? _agent.Current : null).Subscription);
        }

        private void Keep() => _published[_served.Revision.ToString()] = _served;
    }
}
