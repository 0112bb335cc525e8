using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Playbooks;

/// <summary>What can be found amiss with traffic.</summary>
public enum FindingKind { ErrorRatio, LatencyShift, Silence, Flood }

/// <summary>Which remedy answers which finding, within which bounds. It steers the engine; no resource is ever compiled from it.</summary>
[OneOf("shiftWeight", "eject", "limitRate")]
public sealed record PlaybookSpec : OperationSpec
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    [Field("The findings it answers.", NotEmpty = true, MaxItems = 8)]
    public required ImmutableArray<FindingKind> Answers { get; init; }

    [Field("Only for a version whose share of its service's requests is at most this. Of several playbooks the narrowest is tried.", Example = "50%")]
    public Percentage? AtMostShare { get; init; }

    [Field("How sure the finding must be.", Example = "99%")]
    public Percentage Confidence { get; init; } = Percentage.Of(99);

    [Field("Gives the version's share to the stable version of its service.")]
    public ShiftWeightSpec? ShiftWeight { get; init; }

    [Field("Takes the version out; its siblings share what it had in proportion to what they have.")]
    public EjectSpec? Eject { get; init; }

    [Field("Limits each client, or each value of the header, by which the flood was found.")]
    public LimitRateSpec? LimitRate { get; init; }

    [Field("When the remedy ends by itself: from 1m to 1d after it was proposed.", Example = "1h")]
    public required TimeSpan Lasts { get; init; }

    [Field("How soon after promotion recovery must be seen; otherwise it is rolled back and a person is asked. From 5s to 30m.", Example = "30s")]
    public required TimeSpan RecoveryWithin { get; init; }

    [Field("How long after a remedy no other one is proposed for the same target.", Example = "15m")]
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromMinutes(15);

    public override IEnumerable<Flaw> Check()
    {
        if (Lasts < TimeSpan.FromMinutes(1) || Lasts > Longest) yield return Beyond("lasts", Lasts, "a remedy lasts from 1m to 1d");
        if (RecoveryWithin < TimeSpan.FromSeconds(5) || RecoveryWithin > TimeSpan.FromMinutes(30)) yield return Beyond("recoveryWithin", RecoveryWithin, "recovery must be seen within 5s to 30m");
        if (RecoveryWithin >= Lasts) yield return Beyond("recoveryWithin", RecoveryWithin, "recovery must be seen before the remedy ends");
        if (CoolDown > 7 * Longest) yield return Beyond("coolDown", CoolDown, "a cool-down is at most 7d");
        if (Confidence.Value < 90) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "confidence", $"{Confidence} is a guess", "use at least 90%");
        if (Answers.Contains(FindingKind.Flood) != (LimitRate is not null) || LimitRate is not null && Answers.Length > 1)
            yield return new Flaw(DiagnosticCatalogue.InvalidValue, "answers", "a rate limit answers floods and nothing else does", "answers: [flood] with limitRate");
        if (LimitRate is not null && AtMostShare is not null) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "atMostShare", "a flood is of no version");
    }

    private static Flaw Beyond(string field, TimeSpan value, string message) => new(DiagnosticCatalogue.InvalidValue, field, $"{Duration.Format(value)}: {message}");
}

public sealed record ShiftWeightSpec
{
    [Field("The share that the version keeps, so that one can see whether it recovers.")]
    public Percentage Leave { get; init; } = Percentage.Zero;
}

public sealed record EjectSpec
{
    [Field("A version with a greater share than this is not taken out: its siblings would not bear it.", Example = "50%")]
    public Percentage AtMostShare { get; init; } = Percentage.Of(50);
}

public sealed record LimitRateSpec
{
    [Field("How many requests each is left, at least.", Min = 1, Max = 1_000_000_000)]
    public required int Requests { get; init; }

    [Field("The unit of time.")]
    public required RateUnit Per { get; init; }

    [Field("Nobody else is hurt: the limit is at least this many times what the busiest other one asks for.", Min = 1, Max = 1000)]
    public int Headroom { get; init; } = 2;
}
