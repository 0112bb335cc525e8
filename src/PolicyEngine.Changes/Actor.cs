namespace PolicyEngine.Changes;

/// <summary>What a person may do. An admin may do everything, and manage users.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Reads everything.</summary>
    Viewer = 1,

    /// <summary>Submits, answers, dry-runs, rejects, promotes what was approved, rolls back.</summary>
    Operator = 2,

    /// <summary>Approves and rejects.</summary>
    Approver = 4,

    Admin = 8,
}

/// <summary>Who does something: a person's name and roles as the host authenticated them, or <see cref="System"/>.</summary>
public sealed record Actor(string Name, Roles Roles = Roles.Admin)
{
    /// <summary>The engine itself: imports, expiries, remedies, going back after a refusal.</summary>
    public static readonly Actor System = new("policyengine");

    /// <summary>Whether one of these roles is held; an admin holds all.</summary>
    public bool May(Roles any) => (Roles & (any | Roles.Admin)) != Roles.None;

    public override string ToString() => Name;
}
