using PolicyEngine.Ir;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Policies.Documents;

/// <summary>What a document says. Records with <see cref="Shapes.FieldAttribute"/>s; what no shape can say, <see cref="Check"/> does.</summary>
public abstract record Spec
{
    /// <summary>What is wrong with the values taken together: (rule, field path below <c>spec</c>, message, fix).</summary>
    public virtual IEnumerable<Flaw> Check() => [];
}

/// <summary>What exists.</summary>
public abstract record CatalogSpec : Spec;

/// <summary>What should happen.</summary>
public abstract record PolicySpec : Spec;

/// <summary>How the engine itself is to act: never part of a catalog or policy set, never compiled.</summary>
public abstract record OperationSpec : Spec;

/// <summary>A policy that is laid over routes, services, gateways or fleets.</summary>
public abstract record TargetedSpec : PolicySpec
{
    [Shapes.Field("What the policy applies to.")]
    public required Target Target { get; init; }

    [Shapes.Field("Settles which of two overlapping policies of one kind on one scope applies: the higher.", Min = 0, Max = 1000)]
    public int Priority { get; init; }

    public override IEnumerable<Flaw> Check() => Target.Check().Select(f => f with { Field = "target." + f.Field });
}

/// <summary>Something wrong inside a spec.</summary>
public sealed record Flaw(DiagnosticRule Rule, string Field, string Message, string? Fix = null);
