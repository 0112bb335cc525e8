using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Cli.Evals;

internal enum Access { Allow, Deny }

internal sealed record RetryEffect
{
    [Field("Tries beside the first.")]
    public required int Attempts { get; init; }

    [Field("What is tried again.")]
    public ImmutableArray<string> On { get; init; } = [];

    [Field("Statuses that are tried again.")]
    public ImmutableArray<int> Statuses { get; init; } = [];

    [Field("How long each try may take.")]
    public TimeSpan? PerTry { get; init; }

    [Field("The first wait.")]
    public TimeSpan? Base { get; init; }

    [Field("The longest wait.")]
    public TimeSpan? Max { get; init; }
}

internal sealed record LimitEffect
{
    [Field("How many.")]
    public required int Requests { get; init; }

    [Field("In what time.", Words = ["second", "minute", "hour", "day"])]
    public required string Per { get; init; }

    [Field("How many at once; as many as 'requests', if not given.")]
    public int? Burst { get; init; }

    [Field("client-ip, path or header NAME; all together, if not given.")]
    public string? Key { get; init; }

    [Field("Counts only.")]
    public bool Shadow { get; init; }
}

internal sealed record DelayEffect
{
    [Field("For how long.")]
    public required TimeSpan Duration { get; init; }

    [Field("Of how many.")]
    public required Percentage Share { get; init; }
}

internal sealed record AbortEffect
{
    [Field("HTTP status.")]
    public required int Status { get; init; }

    [Field("Of how many.")]
    public required Percentage Share { get; init; }
}

internal sealed record RespondEffect
{
    [Field("HTTP status.")]
    public required int Status { get; init; }
}

internal sealed record RedirectEffect
{
    [Field("HTTP status; any, if not given.")]
    public int? Status { get; init; }

    [Field("The new scheme.")]
    public string? Scheme { get; init; }

    [Field("The new host.")]
    public string? Host { get; init; }

    [Field("The new path.")]
    public string? Path { get; init; }
}

internal sealed record RewriteEffect
{
    [Field("In place of the prefix.")]
    public string? Prefix { get; init; }

    [Field("In place of the path.")]
    public string? Path { get; init; }

    [Field("In place of the host.")]
    public string? Host { get; init; }
}
