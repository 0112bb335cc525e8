using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Policies.Documents;

/// <summary>A document as written, before it means anything: every part knows where it stands.</summary>
public abstract record DocNode(Location Location);

/// <summary>A plain scalar may be read as number, boolean or null; a quoted one is always text.</summary>
public sealed record DocScalar(string Text, bool Quoted, Location Location) : DocNode(Location)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null";
}

public sealed record DocList(ImmutableArray<DocNode> Items, Location Location) : DocNode(Location);

public sealed record DocMap(ImmutableArray<DocField> Fields, Location Location) : DocNode(Location)
{
    public DocField? this[string key] => Fields.FirstOrDefault(f => f.Key == key);
}

public sealed record DocField(string Key, DocNode Value, Location Location);
