using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Retries;

public sealed record RetrySpec : TargetedSpec
{
    [Field("Tries beside the first; 0 turns retries off.", Min = 0, Max = 10)]
    public required int Attempts { get; init; }

    [Field("What is tried again.", MaxItems = 12, Words =
        ["5xx", "gateway-error", "connect-failure", "reset", "reset-before-request", "refused-stream", "retriable-4xx", "retriable-status-codes", "envoy-ratelimited",
        "cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"])]
    public ImmutableArray<string> RetryOn { get; init; } = ["5xx"];

    [Field("Statuses that are tried again.", Min = 400, Max = 599, MaxItems = 32)]
    public ImmutableArray<int> StatusCodes { get; init; } = [];

    [Field("How long each try may take.", Example = "500ms")]
    public TimeSpan? PerTryTimeout { get; init; }

    [Field("Waiting between tries; grows with each, with jitter.")]
    public BackOffSpec? BackOff { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        if (BackOff is { } b && b.Max is { } max && max < b.Base) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "backOff.max", "the longest wait is shorter than the first");
        if (BackOff is { Base.Ticks: 0 }) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "backOff.base", "a wait of nothing is a storm", "for instance base: 25ms");
        if (PerTryTimeout == TimeSpan.Zero) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "perTryTimeout", "a try needs some time");
        if (RetryOn.IsEmpty && StatusCodes.IsEmpty) yield return new Flaw(DiagnosticCatalogue.MissingField, "retryOn", "say what is tried again", "for instance retryOn: [5xx]");
    }
}

public sealed record BackOffSpec
{
    [Field("The first wait.", Example = "25ms")]
    public required TimeSpan Base { get; init; }

    [Field("The longest wait; ten times the first, if not given.")]
    public TimeSpan? Max { get; init; }
}
