using System.Collections.Immutable;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Tests.Simulation;

/// <summary>A service under load on a virtual clock: Poisson arrivals, long-tailed durations, reports each second by each of several nodes, as load reports come.</summary>
internal sealed class Shop(int seed, Detection? detection = null)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    public static readonly ImmutableArray<double> Buckets = [0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000];

    private readonly Dice _dice = new(seed);

    public Detection Detection { get; private set; } = detection ?? new Detection();

    public DateTimeOffset Now { get; private set; } = Start;

    public List<FindingChange> Changes { get; } = [];

    public Func<DateTimeOffset, double> Rate { get; set; } = _ => 200;

    public int Nodes { get; set; } = 2;

    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of reports that never arrive.</summary>
    public double Lost { get; set; }

    public Func<DateTimeOffset, ImmutableArray<VersionScript>> Script { get; set; } = _ => [new("v1", 0.95), new("v2", 0.05)];

    /// <summary>Another process looks from here on: it knows the findings that were open, as they opened, and nothing else.</summary>
    public void Restart(TimeSpan away)
    {
        var open = Detection.Findings.Where(f => f.State == FindingState.Open).Select(f => Changes.Last(c => c.Finding.Id == f.Id && c.Step is FindingStep.Opened or FindingStep.Reopened).Finding).ToList();
        Now += away;
        Detection = new Detection();
        Detection.Restore(open);
    }

    /// <summary>Lets time pass; gives what was found.</summary>
    public IReadOnlyList<FindingChange> Run(TimeSpan length, Action<FindingChange>? on = null)
    {
        var before = Changes.Count;
        for (var end = Now + length; Now < end;)
        {
            Now += Every;
            var versions = Script(Now);
            for (var node = 0; node < Nodes; node++)
                foreach (var version in versions.Where(v => v.Reports))
                    if (_dice.Next() >= Lost) Detection.Observe(Sample(node, version), Now);
            foreach (var change in Detection.Evaluate(Now))
            {
                Changes.Add(change);
                on?.Invoke(change);
            }
        }
        return Changes[before..];
    }

    private Sample Sample(int node, VersionScript version)
    {
        var requests = _dice.Poisson(Rate(Now) * version.Share / Nodes * Every.TotalSeconds);
        var counts = new double[Buckets.Length + 1];
        for (var i = 0; i < requests; i++)
        {
            // Log-normal with a tail: one in fifty takes ten times as long.
            var ms = version.MedianMs * Math.Exp(0.5 * _dice.Gauss()) * (_dice.Next() < 0.02 ? 10 : 1);
            var bucket = Buckets.IndexOf(Buckets.FirstOrDefault(b => ms <= b));
            counts[bucket < 0 ? Buckets.Length : bucket]++;
        }
        return new Sample
        {
            At = Now,
            Source = $"lrs/edge-{node}",
            Service = "checkout",
            Version = version.Name,
            Fleet = "edge",
            Requests = requests,
            Errors = _dice.Binomial(requests, version.ErrorRatio),
            Latency = Histogram.Of(Buckets, [.. counts]),
        };
    }
}
