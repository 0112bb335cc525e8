using System.Globalization;
using PolicyEngine.Ir;

namespace PolicyEngine.Telemetry.Samples;

/// <summary>
/// What a source says of one version of a service, from where it stands: a node's load report, a scraped metric. Either counters since
/// the source began (<see cref="Cumulative"/>), or what was added since its last report.
/// </summary>
public sealed record Sample
{
    /// <summary>The source's own clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who says so: <c>prometheus</c>, <c>lrs/edge-1</c>. Silence is judged per source.</summary>
    public required string Source { get; init; }

    /// <summary>Whose counters they are, where a source tells of several: a scraped node.</summary>
    public string? Instance { get; init; }

    public required string Service { get; init; }

    public required string Version { get; init; }

    public string? Fleet { get; init; }

    /// <summary><c>region/zone</c>.</summary>
    public string? Locality { get; init; }

    /// <summary>Requests that were answered, well or not.</summary>
    public required double Requests { get; init; }

    /// <summary>Of these, the ones that the server failed (5xx, resets, time-outs).</summary>
    public required double Errors { get; init; }

    /// <summary>How long they took, where the source knows.</summary>
    public Histogram? Latency { get; init; }

    /// <summary>Requests under way at <see cref="At"/>, where the source knows.</summary>
    public double? InFlight { get; init; }

    /// <summary>Whether requests, errors and latency are counters that only grow until the source restarts.</summary>
    public bool Cumulative { get; init; }

    public VersionKey Key => new(Service, Version);

    internal SeriesKey Series => new(Source, Instance, Service, Version, Fleet, Locality);
}

/// <summary>One version of a service.</summary>
public readonly record struct VersionKey(string Service, string Version)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Service}@{Version}");
}

/// <summary>One series: a version as one source sees it from one place.</summary>
internal readonly record struct SeriesKey(string Source, string? Instance, string Service, string Version, string? Fleet, string? Locality);

/// <summary>What a source says of one client range, or one value of a header, since its last report.</summary>
public sealed record KeySample
{
    public required DateTimeOffset At { get; init; }

    public required string Source { get; init; }

    public required string Service { get; init; }

    /// <summary>What tells one client from another: <see cref="ClientRange"/>, or the name of a header.</summary>
    public required string Dimension { get; init; }

    /// <summary>
    /// The range (<c>10.1.2.0/24</c>) or the header's value; null: all others together, each less than what is told of. Hostile text: it is compared and
    /// shown, never obeyed.
    /// </summary>
    public required string? Key { get; init; }

    /// <summary>Requests that were let through.</summary>
    public required double Requests { get; init; }

    /// <summary>Where they are those of several keys, how many may be those of one.</summary>
    public double MostOfOne { get; init; }

    /// <summary>The <see cref="Dimension"/> of addresses; its keys are as <see cref="Cidr.OfClient"/> says.</summary>
    public const string ClientRange = "client-range";
}
