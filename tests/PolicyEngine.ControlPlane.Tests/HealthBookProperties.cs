using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.HealthChecks;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>
/// The book of health against a model of it, over any order of publications, assignments, reports, silence and ends: the verdict is that of the
/// majority of the live checkers' last votes, and what was last known where there is none; and nothing is kept of what nobody is to check.
/// </summary>
public sealed class HealthBookProperties
{
    private const int Streams = 6;
    private static readonly int[] Ports = [9001, 9002, 9003];

    /// <summary>What may happen; numbers choose among what is possible at that moment.</summary>
    public sealed record Step(int What, int Which, int How);

    public static class Steps
    {
        public static Arbitrary<Step> Step() => (from what in Gen.Choose(0, 11) from which in Gen.Choose(0, 63) from how in Gen.Choose(0, 7) select new Step(what, which, how)).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Steps)], MaxTest = 500)]
    public void F3_Verdict_IsThatOfTheLiveCheckersLastVotes_WhateverHappened(Step[] steps)
    {
        var model = new Model();
        foreach (var step in steps)
        {
            switch (step.What)
            {
                case 0: model.Publish(step.Which, step.How); break;
                case 1: model.Leave(step.Which % Streams); break;
                case < 4: model.Assign(step.Which % Streams); break;
                case < 6: model.Pass(TimeSpan.FromSeconds(step.How)); break;
                default: model.Report(step.Which % Streams, step.Which / Streams, step.How); break;
            }
            model.Agrees();
        }
        model.Finish();
    }

    private sealed class Model
    {
        private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        private readonly SnapshotCache _cache = new();
        private readonly HealthPlans _plans;
        private readonly HealthBook _book;
        private readonly Dictionary<int, Checker> _checkers = [];
        private readonly Dictionary<EndpointKey, bool> _verdicts = [];
        private HealthPlan _plan = HealthPlan.Empty;
        private bool _moved;
        private bool _told;

        public Model()
        {
            (_plans, _book) = (new HealthPlans(_cache), new HealthBook(_time));
            _book.Changed += () => _told = true;
            Publish(7, 1);
        }

        /// <summary>Some of the endpoints, checked by one fleet or another, or by nobody.</summary>
        public void Publish(int which, int how)
        {
            _cache.Publish(HealthDiscoveryStatements.Served(how switch { < 4 => "checkers", < 7 => "others", _ => null }, [.. Ports.Where((_, i) => (which >> i & 1) == 1)]));
            _plan = _book.Follow(_plans);
            foreach (var gone in _verdicts.Keys.Where(k => !_plan.Endpoints.ContainsKey(k)).ToList()) _verdicts.Remove(gone);
        }

        /// <summary>Two streams of each of two nodes, and one of two others; not of one fleet all of them.</summary>
        public void Assign(int stream)
        {
            var (node, fleet) = ($"n{stream % 4}", stream % 4 < 3 ? "checkers" : "others");
            var assignment = _plan.Of(fleet);
            _book.Assign(stream, node, fleet, assignment);
            if (!_checkers.TryGetValue(stream, out var checker)) _checkers[stream] = checker = new Checker(node);
            checker.Assignment = assignment;
            foreach (var gone in checker.Since.Keys.Where(k => !assignment.Endpoints.ContainsKey(k)).ToList())
            {
                checker.Since.Remove(gone);
                checker.Said.Remove(gone);
            }
            foreach (var endpoint in assignment.Endpoints.Keys) checker.Since.TryAdd(endpoint, _time.GetUtcNow());
        }

        public void Report(int stream, int which, int how)
        {
            Pass(TimeSpan.FromMilliseconds(1));
            var said = Ports.Index().Where(p => (which >> p.Index & 1) == 1).Select(p => (Endpoint: new EndpointKey("shop.v1", "127.0.0.1", p.Item), IsHealthy: (how >> p.Index & 1) == 1)).ToList();
            _book.Report(stream, [.. said, (new EndpointKey("no.such", "127.0.0.1", how), true)]);
            if (!_checkers.TryGetValue(stream, out var checker)) return;
            var now = checker.Last = _time.GetUtcNow();
            foreach (var (endpoint, isHealthy) in said)
                if (checker.Since.TryGetValue(endpoint, out var since) && (isHealthy || checker.Said.ContainsKey(endpoint) || now - since >= TimeSpan.FromSeconds(2))) checker.Said[endpoint] = isHealthy;
            Decide(checker.Said.Keys);
        }

        public void Leave(int stream)
        {
            _book.Leave(stream);
            if (_checkers.Remove(stream, out var checker)) Decide(checker.Said.Keys);
        }

        public void Pass(TimeSpan time) => _time.Advance(time);

        public void Agrees()
        {
            Assert.Equal(
                _verdicts.OrderBy(v => v.Key.Port).Select(v => (v.Key, v.Value)),
                _book.Verdicts.Values.SelectMany(c => c).OrderBy(v => v.Key.Port).Select(v => (v.Key, v.Value.IsHealthy)));
            Assert.Equal(_moved, _told);
            (_moved, _told) = (false, false);
            var view = _book.View();
            Assert.Equal(_plan.Endpoints.Keys.Select(k => k.Port).Order(), view.Endpoints.Select(e => e.Port));
            Assert.Equal(_checkers.Count, view.Checkers.Length);
            Assert.All(view.Endpoints, e => Assert.Equal(_checkers.Values.Where(c => c.Said.Keys.Any(k => k.Port == e.Port)).Select(c => c.Node).Distinct().Order(), e.Votes.Select(v => v.Node)));
        }

        public void Finish()
        {
            // All are told what there is to check, and say that nothing is new.
            foreach (var stream in _checkers.Keys.ToList()) Assign(stream);
            foreach (var stream in _checkers.Keys.ToList()) Report(stream, 0, 0);
            Agrees();
            foreach (var endpoint in _plan.Endpoints.Keys)
            {
                var balance = Balance(endpoint);
                if (balance != 0) Assert.Equal(balance > 0, _verdicts[endpoint]);
            }
            // Who goes takes no verdict along; what nobody checks any more is forgotten.
            foreach (var stream in _checkers.Keys.ToList()) Leave(stream);
            Agrees();
            Publish(0, 7);
            Agrees();
            Assert.Empty(_book.Verdicts);
            Assert.Empty(_book.View().Endpoints);
        }

        private void Decide(IEnumerable<EndpointKey> endpoints)
        {
            foreach (var endpoint in endpoints)
            {
                var balance = Balance(endpoint);
                if (balance == 0 || !_plan.Endpoints.ContainsKey(endpoint)) continue;
                if (_verdicts.TryGetValue(endpoint, out var last) && last == balance > 0) continue;
                (_verdicts[endpoint], _moved) = (balance > 0, true);
            }
        }

        /// <summary>One vote a node: what it said on the stream that it spoke on last.</summary>
        private int Balance(EndpointKey endpoint)
        {
            var balance = 0;
            foreach (var node in _checkers.Values.Where(c => c.Said.ContainsKey(endpoint)).GroupBy(c => c.Node))
            {
                var last = node.OrderBy(c => c.Last).Last();
                if (_time.GetUtcNow() - last.Last <= 3 * last.Assignment.Interval) balance += last.Said[endpoint] ? 1 : -1;
            }
            return balance;
        }

        private sealed class Checker(string node)
        {
            public string Node { get; } = node;

            public Assignment Assignment { get; set; } = Assignment.Nothing;

            public DateTimeOffset Last { get; set; }

            public Dictionary<EndpointKey, DateTimeOffset> Since { get; } = [];

            public Dictionary<EndpointKey, bool> Said { get; } = [];
        }
    }
}
