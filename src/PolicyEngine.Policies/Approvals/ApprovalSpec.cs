using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Approvals;

/// <summary>Whether an author's own approval counts.</summary>
public enum AuthorApproval
{
    Never,

    /// <summary>Only while there is a single user.</summary>
    WhileAlone,

    Always,
}

/// <summary>Who must approve what before it is promoted. It steers the engine; no resource is ever compiled from it.</summary>
public sealed record ApprovalSpec : OperationSpec
{
    /// <summary>As delivered.</summary>
    public static readonly ApprovalSpec Default = new();

    [Field("How many different people must approve a change.", Min = 1, Max = 10)]
    public int Approvals { get; init; } = 1;

    [Field("Whether the author counts as one of them.")]
    public AuthorApproval Author { get; init; } = AuthorApproval.WhileAlone;

    [Field("Changes of which more is asked. Of all rules that fit a change, the strictest holds.", MaxItems = 64)]
    public ImmutableArray<ApprovalRule> Rules { get; init; } = [];

    [Field("Temporary remedies that may pass without a person. None, if not given.")]
    public SelfApprovalSpec? Remedies { get; init; }
}

/// <summary>All that it names must hold of a change.</summary>
[AnyOf("risk", "kinds", "services")]
public sealed record ApprovalRule
{
    [Field("Changes of at least this risk.")]
    public RiskLevel? Risk { get; init; }

    [Field("Changes with an edit of one of these kinds.", MaxItems = 32, MaxLength = 63, Example = "Authorization")]
    public ImmutableArray<string> Kinds { get; init; } = [];

    [Field("Changes with an edit that targets one of these services.", Pattern = Patterns.Name, Expected = Patterns.NameExpected, Example = "checkout")]
    public ImmutableArray<string> Services { get; init; } = [];

    [Field("How many different people must approve it.", Min = 1, Max = 10)]
    public int Approvals { get; init; } = 1;

    [Field("Whether the author counts as one of them; as for all changes, if not given.")]
    public AuthorApproval? Author { get; init; }
}

/// <summary>Bounds within which a remedy needs no person: it ends by itself, and is rolled back where it does not help.</summary>
public sealed record SelfApprovalSpec
{
    [Field("The playbooks whose remedies may pass.", NotEmpty = true, MaxItems = 64, Pattern = Patterns.Name, Expected = Patterns.NameExpected, Example = "failing-canary")]
    public required ImmutableArray<string> Playbooks { get; init; }

    [Field("The longest that such a remedy may last.", Example = "1h")]
    public required TimeSpan AtMost { get; init; }

    [Field("The highest risk that it may have.")]
    public RiskLevel Risk { get; init; } = RiskLevel.Medium;
}
