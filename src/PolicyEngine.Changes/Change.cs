using System.Collections.Immutable;
using System.Text.Json.Nodes;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Ir;

namespace PolicyEngine.Changes;

public enum ChangeState
{
    Draft, NeedsAnswer, Refused, Planned, DryRunFailed, AwaitingApproval, Approved, Rejected, Superseded, Promoted, RolledBack,
}

/// <summary>An approval: who, when, and the hash of the report that was approved.</summary>
public sealed record Approval(string By, DateTimeOffset At, Revision ReportHash);

/// <summary>A change and everything that happened to it: a fold over its events.</summary>
public sealed record Change
{
    public required string Id { get; init; }

    public required ChangeState State { get; init; }

    public required string Intent { get; init; }

    public required string Author { get; init; }

    public required string Channel { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The conversation that it is a turn of.</summary>
    public string? Conversation { get; init; }

    /// <summary>The change that this one takes back.</summary>
    public string? Undoes { get; init; }

    /// <summary>Answers given to questions, in order.</summary>
    public ImmutableArray<string> Answers { get; init; } = [];

    public string Summary { get; init; } = "";

    public ImmutableArray<JsonObject> Edits { get; init; } = [];

    public ImmutableArray<ChangeQuestion> Questions { get; init; } = [];

    public ImmutableArray<string> Reasons { get; init; } = [];

    public JsonObject? Provenance { get; init; }

    public Revision Base { get; init; }

    public Revision Candidate { get; init; }

    public Revision ReportHash { get; init; }

    public JsonObject? Report { get; init; }

    public ImmutableArray<Approval> Approvals { get; init; } = [];

    /// <summary>What it needs before it may be promoted.</summary>
    public ApprovalNeed Need { get; init; } = ApprovalNeed.One;

    public DateTimeOffset? PromotedAt { get; init; }

    /// <summary>What it replaced, where it was promoted.</summary>
    public Revision Replaced { get; init; }

    public string? RolledBackBy { get; init; }
}
