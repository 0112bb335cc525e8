using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Engine.Desks;

/// <summary>What a person may do with a change, where its state allows it.</summary>
public enum ChangeStep { Answer, DryRun, Approve, Reject, Promote, RollBack }

/// <summary>A step that the state of a change allows. <see cref="Objection"/> says why this person may not take it; null where they may.</summary>
public sealed record StepView(ChangeStep Step, string? Objection);

/// <summary>A line of a list.</summary>
/// <param name="State">One word, as REST has it: <c>awaiting-approval</c>.</param>
/// <param name="Risk">Null before a dry run.</param>
public sealed record ChangeRow(string Id, string State, string Intent, string Author, DateTimeOffset UpdatedAt, RiskLevel? Risk);

public sealed record QuestionView(string Text, ImmutableArray<string> Choices);

/// <summary>A policy document as YAML before and after; null where there is none.</summary>
public sealed record DocumentEdit(string Id, string? Before, string? After);

public sealed record ApprovalView(string By, DateTimeOffset At);

/// <summary>A change as a screen shows it.</summary>
public sealed record ChangeView
{
    public required ChangeRow Row { get; init; }

    /// <summary>The state in a few words.</summary>
    public required string StateWords { get; init; }

    public required string Channel { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Conversation { get; init; }

    public string? Undoes { get; init; }

    public string? RolledBackBy { get; init; }

    public ImmutableArray<string> Answers { get; init; } = [];

    public string Summary { get; init; } = "";

    public ImmutableArray<QuestionView> Questions { get; init; } = [];

    public ImmutableArray<string> Reasons { get; init; } = [];

    public ImmutableArray<DocumentEdit> Documents { get; init; } = [];

    /// <summary>Who planned it, asked or refused: <c>embedded 3</c>, with the model that took part, or <c>edits</c>.</summary>
    public string Planner { get; init; } = "";

    public ReportView? Report { get; init; }

    /// <summary>What an approval signs.</summary>
    public Revision ReportHash { get; init; }

    public ImmutableArray<ApprovalView> Approvals { get; init; } = [];

    public int ApprovalsNeeded { get; init; }

    /// <summary>Whether the author is one of them, in words.</summary>
    public string AuthorCounts { get; init; } = "";

    public DateTimeOffset? PromotedAt { get; init; }

    /// <summary>Whether it is what is served now: nothing was promoted after it.</summary>
    public bool IsServed { get; init; }

    public ImmutableArray<StepView> Steps { get; init; } = [];
}
