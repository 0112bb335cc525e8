using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Floods;

/// <summary>The clients of one service in one dimension (address range, or a header), and whether one of them takes far more than any usually does.</summary>
internal sealed class FloodState(string service, string dimension, DetectionOptions options)
{
    public const string Rate = "requests a second";
    public const string Others = "busiest of the others";
    private const int Watched = 8;
    private const int MostMoments = 60;
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan UsualHalfLife = TimeSpan.FromMinutes(5);

    private readonly Queue<(DateTimeOffset At, double All, ImmutableArray<KeyRate> Busiest)> _moments = new();
    private readonly KeyCounts _counts = new(options.MostKeys, HalfLife);
    private DateTimeOffset _firstHeard;
    private DateTimeOffset _learntAt;
    private double _usual;
    private double _seconds;

    public string Service => service;

    public string Dimension => dimension;

    public DateTimeOffset LastHeard { get; private set; }

    public void Add(DateTimeOffset now, KeySample sample)
    {
        if (sample.Key is { } key) _counts.Add(now, key, sample.Requests);
        else _counts.AddOthers(now, sample.Requests, sample.MostOfOne);
        if (_firstHeard == default) _firstHeard = now;
        LastHeard = now;
    }

    public Subject SubjectOf(string key) => new() { Kind = FindingKind.Flood, Service = service, Dimension = dimension, Key = key };

    /// <summary>What is to be said of the busiest keys, and of those that are watched already.</summary>
    public IEnumerable<Judgement> Judge(DateTimeOffset now, IReadOnlyCollection<string> watched)
    {
        if (now - LastHeard > options.LongWindow) return watched.Select(k => Judgement.Unknown(SubjectOf(k), $"nothing is heard of the clients of {service}"));
        var busiest = _counts.Busiest(now).Take(Watched).ToList();
        Remember(now, busiest);
        var judgements = busiest.Where(IsFlood).Select(k => Failing(k, busiest, now)).ToList();
        var flooding = judgements.Select(j => j.Subject.Key).ToHashSet();
        // The usual is learnt from quiet times only, and slowly: a flood must not become usual.
        if (flooding.Count == 0 && watched.Count == 0) Learn(now, busiest.Count > 0 ? busiest[0].Rate : 0);
        else _learntAt = now;
        return judgements.Concat(watched.Where(k => !flooding.Contains(k)).Select(k => Calm(k, now)));
    }

    private double Threshold => Math.Max(options.FloodRate, options.FloodFactor * _usual);

    private bool IsFlood(KeyRate key) => _seconds >= options.FloodPastNeeded.TotalSeconds && key.Surely >= Threshold && key.Surely >= options.FloodShare * _counts.TotalRate;

    private Judgement Failing(KeyRate key, List<KeyRate> busiest, DateTimeOffset now)
    {
        var others = busiest.Where(b => b.Key != key.Key && !IsFlood(b)).Select(b => b.Rate).DefaultIfEmpty(0).Max();
        return new Judgement(SubjectOf(key.Key), Verdict.Failing,
            string.Create(CultureInfo.InvariantCulture, $"{Shown(key.Key)} asks {service} for {key.Rate:0} requests a second, {key.Rate / Math.Max(_counts.TotalRate, key.Rate):0%} of all; the busiest usually asks for {_usual:0.#}"),
            // Poisson counts of one half-life: how far this is above the threshold's own chance.
            Normal.Cdf((key.Surely - Threshold / options.FloodFactor) / Math.Sqrt(Math.Max(1, Threshold / options.FloodFactor))),
            new Evidence
            {
                From = now - HalfLife,
                To = now,
                Figures = [new(Rate, key.Key, key.Rate, key.Surely), new(Rate, "all", _counts.TotalRate), new(Rate, Others, others), new(Rate, "usually busiest", _usual)],
                Series = [Series(key.Key, m => m.Busiest.FirstOrDefault(b => b.Key == key.Key).Rate), Series("all", m => m.All)],
            });
    }

    private Judgement Calm(string key, DateTimeOffset now)
    {
        // What has only begun to count has counted little of anybody.
        if (now - _firstHeard < options.ShortWindow) return Judgement.Unknown(SubjectOf(key), $"the clients of {service} are counted for too short a time");
        var rate = _counts.Find(now, key)?.Surely ?? 0;
        return rate < Threshold
            ? Judgement.Healthy(SubjectOf(key), string.Create(CultureInfo.InvariantCulture, $"{Shown(key)} is let through {rate:0.#} times a second"))
            : Judgement.Unknown(SubjectOf(key), string.Create(CultureInfo.InvariantCulture, $"{Shown(key)} is let through {rate:0.#} times a second: not yet calm"));
    }

    /// <summary>What the busiest asked for at each of the last moments: what a finding shows.</summary>
    private void Remember(DateTimeOffset now, List<KeyRate> busiest)
    {
        if (_moments.Count > 0 && _moments.Last().At >= now) return;
        if (_moments.Count == MostMoments) _moments.Dequeue();
        _moments.Enqueue((now, _counts.TotalRate, [.. busiest]));
    }

    private NamedSeries Series(string name, Func<(DateTimeOffset At, double All, ImmutableArray<KeyRate> Busiest), double> rate) => new(name, [.. _moments.Select(m => new SeriesPoint(m.At, rate(m), 0))]);

    private void Learn(DateTimeOffset now, double busiest)
    {
        var seconds = _learntAt == default ? 0 : (now - _learntAt).TotalSeconds;
        _learntAt = now;
        _seconds += seconds;
        // An average over what there is, until there is more than the half-life; then old times count less.
        var weight = Math.Max(seconds / Math.Max(_seconds, 1), 1 - Math.Pow(0.5, seconds / UsualHalfLife.TotalSeconds));
        _usual += Math.Min(1, weight) * (busiest - _usual);
    }

    private static string Shown(string key) => key.Length <= 80 ? key : key[..80] + "…";
}
