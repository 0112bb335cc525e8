using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Engine;

public enum RefusalKind { NotFound, Invalid, Forbidden, Conflict, Unavailable }

/// <summary>Why a use case did not do what was asked: for people, with what is wrong where there are diagnostics.</summary>
public sealed record Refusal(RefusalKind Kind, string Reason, ImmutableArray<Diagnostic> Diagnostics)
{
    public Refusal(RefusalKind kind, string reason) : this(kind, reason, [])
    {
    }
}

/// <summary>A result, or why there is none.</summary>
public sealed record Outcome<T>(T? Value, Refusal? Refusal) where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}
