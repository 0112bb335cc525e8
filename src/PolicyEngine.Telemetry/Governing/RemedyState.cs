using System.Collections.Immutable;

namespace PolicyEngine.Telemetry.Governing;

public enum RemedyPhase
{
    /// <summary>Nothing was proposed yet: see <see cref="IncidentRemedy.Why"/>.</summary>
    Held,

    /// <summary><see cref="Propose"/> was decided; the outcome is not known yet.</summary>
    Proposing,

    AwaitingApproval,

    /// <summary>Promoted; recovery is not seen yet.</summary>
    Watching,

    /// <summary>Recovery was seen; the remedy stands until its end.</summary>
    Standing,

    RollingBack,

    /// <summary>A person was asked. Nothing more is done for the incident by itself.</summary>
    WithPerson,

    /// <summary>The incident is closed or the remedy has ended.</summary>
    Over,
}

/// <summary>Where one incident is.</summary>
public sealed record IncidentRemedy
{
    public required string Incident { get; init; }

    public required string Target { get; init; }

    public required RemedyPhase Phase { get; init; }

    /// <summary>Whether the finding is open.</summary>
    public required bool IsOpen { get; init; }

    public string? Change { get; init; }

    public string? Playbook { get; init; }

    public TimeSpan RecoveryWithin { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>By when recovery must be seen.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Whether the watch began anew with a restart and has seen nothing since that tells either way.</summary>
    public bool IsBlind { get; init; }

    /// <summary>Why it is where it is, for people.</summary>
    public string Why { get; init; } = "";

    /// <summary>Whether a remedy of it is proposed or in force: then there is no other one, of it or for its target.</summary>
    public bool HasRemedy => Phase is RemedyPhase.Proposing or RemedyPhase.AwaitingApproval or RemedyPhase.Watching or RemedyPhase.Standing or RemedyPhase.RollingBack;
}

/// <summary>Bounds over all remedies.</summary>
public sealed record RemedyRules
{
    public static readonly RemedyRules Default = new();

    /// <summary>The switch, before anybody turned it.</summary>
    public bool On { get; init; } = true;

    public int MostPerHour { get; init; } = 4;

    /// <summary>No playbook's cool-down is shorter.</summary>
    public TimeSpan ShortestCoolDown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>More incidents than this are not followed; a person is asked.</summary>
    public int MostIncidents { get; init; } = 1_000;
}

/// <summary>Everything that is known of remedies. Immutable; rebuilt from events.</summary>
public sealed record RemedyState
{
    public required bool On { get; init; }

    /// <summary>The latest moment that was heard of: time does not go back.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>In the order in which they began.</summary>
    public ImmutableList<IncidentRemedy> Incidents { get; init; } = [];

    /// <summary>When remedies were proposed in the last hour.</summary>
    public ImmutableList<(DateTimeOffset At, string Incident)> Proposals { get; init; } = [];

    /// <summary>Until when no remedy is proposed for a target.</summary>
    public ImmutableSortedDictionary<string, DateTimeOffset> CoolDowns { get; init; } = ImmutableSortedDictionary<string, DateTimeOffset>.Empty.WithComparers(StringComparer.Ordinal);

    public static RemedyState Initial(RemedyRules rules) => new() { On = rules.On };

    public IncidentRemedy? Find(string incident) => Incidents.Find(i => i.Incident == incident);
}
