using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Playbooks;

namespace PolicyEngine.Telemetry.Detecting;

/// <summary>No data, or too little, is <see cref="Unknown"/>: never good news.</summary>
public enum Verdict { Unknown, Healthy, Failing }

/// <summary>What a finding is about.</summary>
public sealed record Subject
{
    public required FindingKind Kind { get; init; }

    /// <summary>Empty where a whole source has gone silent.</summary>
    public string Service { get; init; } = "";

    /// <summary>Null where the service fails as a whole.</summary>
    public string? Version { get; init; }

    /// <summary>Who flooded: the dimension (<c>client-range</c>, or a header's name) and its value.</summary>
    public string? Dimension { get; init; }

    public string? Key { get; init; }

    /// <summary>The source that has gone silent.</summary>
    public string? Source { get; init; }

    public override string ToString() => (Source, Version, Key) switch
    {
        ({ } source, _, _) => $"source {source}",
        (_, { } version, _) => $"{Service} {version}",
        (_, _, { } key) => $"{Service} ({Dimension} {key})",
        _ => Service,
    };

    /// <summary>The same for one incident wherever and whenever it is computed.</summary>
    internal string IncidentId(DateTimeOffset openedAt) =>
        "f-" + Revision.Of(string.Join('\n', Kind, Service, Version, Dimension, Key, Source, openedAt.UtcTicks.ToString(CultureInfo.InvariantCulture))).Short;
}

/// <summary>A number that was looked at, of whom, with its bounds and how many requests it stands on, where it has them.</summary>
public sealed record Figure(string Name, string Of, double Value, double? Lower = null, double? Upper = null, double? Volume = null);

/// <summary>What was seen in a slot of the series that shows the finding.</summary>
public sealed record SeriesPoint(DateTimeOffset At, double Requests, double Errors);

/// <summary>Why: figures and series of the window that was judged.</summary>
public sealed record Evidence
{
    public static readonly Evidence None = new();

    public DateTimeOffset From { get; init; }

    public DateTimeOffset To { get; init; }

    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>The subject's own traffic, then what it was compared with, by name.</summary>
    public ImmutableArray<NamedSeries> Series { get; init; } = [];

    public double? Value(string name, string of) => Figures.FirstOrDefault(f => f.Name == name && f.Of == of)?.Value;
}

public sealed record NamedSeries(string Name, ImmutableArray<SeriesPoint> Points);

public enum FindingState { Open, Closed }

/// <summary>An anomaly: about what, since when, with its evidence. Immutable; <see cref="Id"/> stays through the whole incident.</summary>
public sealed record Finding
{
    public required string Id { get; init; }

    public required Subject Subject { get; init; }

    public required FindingState State { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>How often it came back after it was closed.</summary>
    public int Reopened { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Says { get; init; }

    /// <summary>From 0 to 1: how sure it is that this is no chance.</summary>
    public required double Confidence { get; init; }

    /// <summary>The version that it was compared with and that does not fail, where there is one.</summary>
    public string? Stable { get; init; }

    public required Evidence Evidence { get; init; }

    public FindingKind Kind => Subject.Kind;
}

public enum FindingStep { Opened, Updated, Reopened, Closed }

/// <summary>What happened to a finding.</summary>
public sealed record FindingChange(FindingStep Step, Finding Finding);

/// <summary>What one detector says of one subject at one moment.</summary>
internal sealed record Judgement(Subject Subject, Verdict Verdict, string Says, double Confidence, Evidence Evidence, string? Stable = null)
{
    public static Judgement Unknown(Subject subject, string why) => new(subject, Verdict.Unknown, why, 0, Evidence.None);

    public static Judgement Healthy(Subject subject, string says) => new(subject, Verdict.Healthy, says, 0, Evidence.None);
}
