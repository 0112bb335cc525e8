using PolicyEngine.Policies.Approvals;

namespace PolicyEngine.Changes.Approvals;

/// <summary>What a change needs before it may be promoted. Part of the dry-run report, so that an approval signs it too.</summary>
public sealed record ApprovalNeed(int Approvals, AuthorApproval Author)
{
    public static readonly ApprovalNeed One = new(1, AuthorApproval.WhileAlone);
}
