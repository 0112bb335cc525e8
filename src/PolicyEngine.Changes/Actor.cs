namespace PolicyEngine.Changes;

/// <summary>Who does something: a person's name as the host authenticated it, or <see cref="System"/>.</summary>
public sealed record Actor(string Name)
{
    /// <summary>The engine itself: imports, expiries, going back after a refusal.</summary>
    public static readonly Actor System = new("policyengine");

    public override string ToString() => Name;
}
