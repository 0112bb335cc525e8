using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning;

/// <summary>Words in, a plan out. It proposes and never acts; whoever implements it sees documents and nothing behind them.</summary>
public interface IPlanner
{
    string Name { get; }

    Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation);
}

public sealed record PlanRequest
{
    public const int LongestIntent = 2_000;

    /// <summary>Verbatim.</summary>
    public required string Intent { get; init; }

    public required ServiceCatalog Catalog { get; init; }

    /// <summary>What stands, earlier turns applied.</summary>
    public required PolicySet Policies { get; init; }

    /// <summary>Earlier turns of the conversation, oldest first.</summary>
    public ImmutableArray<PlanTurn> Earlier { get; init; } = [];

    /// <summary>For "for the next two hours".</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Told what the planner is doing, in words for people, where somebody wants to know.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>What the compiler says of a policy set: feedback, without a way to the wire.</summary>
    public Func<PolicySet, ImmutableArray<Diagnostic>>? Compile { get; init; }
}

/// <summary>A turn, and the policies that stood before it.</summary>
public sealed record PlanTurn(string Intent, Plan Plan, PolicySet Before);

public enum PlanStatus { Planned, NeedsClarification, Refused }

/// <summary>An id to answer to, and choices where there are few.</summary>
public sealed record Question(string Id, string Text, ImmutableArray<string> Choices)
{
    /// <summary>Of a question that offers what is probably meant, as its only choice.</summary>
    public const string Meant = "meant";
}

/// <summary>Which planner made it from what.</summary>
public sealed record Provenance(string Planner, string Version, Revision Intent)
{
    /// <summary>The model that took part; null where none did.</summary>
    public ModelProvenance? Model { get; init; }
}

/// <summary>Edits, or questions, or reasons against: one of the three.</summary>
public sealed record Plan
{
    public required PlanStatus Status { get; init; }

    /// <summary>What was understood, in the planner's words, generated from the edits.</summary>
    public required string Summary { get; init; }

    public ImmutableArray<PolicyEdit> Edits { get; init; } = [];

    public ImmutableArray<Question> Questions { get; init; } = [];

    public ImmutableArray<string> Reasons { get; init; } = [];

    public required Provenance Provenance { get; init; }
}
