using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>What a playbook proposes against a finding: edits to policy documents, all with an end. It proposes, never acts.</summary>
public sealed record RemedyProposal
{
    /// <summary>Name of the playbook.</summary>
    public required string Playbook { get; init; }

    public required ImmutableArray<PolicyEdit> Edits { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Says { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>How soon after promotion recovery must be seen.</summary>
    public required TimeSpan RecoveryWithin { get; init; }

    public required TimeSpan CoolDown { get; init; }
}

/// <summary>A proposal, or why there is none: then a person must decide.</summary>
public sealed record RemedyOutcome
{
    private RemedyOutcome()
    {
    }

    public RemedyProposal? Proposal { get; private init; }

    /// <summary><c>PE6004</c>, with the reason, where there is no proposal.</summary>
    public Diagnostic? Reason { get; private init; }

    public static RemedyOutcome Of(RemedyProposal proposal) => new() { Proposal = proposal };

    public static RemedyOutcome None(string reason) => new() { Reason = Diagnostic.Of(DiagnosticCatalogue.NoRemedy, reason) };
}

/// <summary>What one playbook makes of a finding: documents to put there and a sentence, or why not.</summary>
internal sealed record Attempt(ImmutableArray<Document> Documents, string Says)
{
    public bool IsRefusal => Documents.IsEmpty;

    public static Attempt No(string reason) => new([], reason);
}
