using System.Collections.Immutable;

namespace PolicyEngine.Policies.Shapes;

/// <summary>
/// The form of a value in a document, read once from the records by <see cref="ShapeOf"/>. Parsing, writing, JSON Schema and the
/// reference pages are four walks over the same shapes, so they cannot disagree.
/// </summary>
public abstract record Shape(Type Type);

/// <summary>Text with a meaning: <see cref="Parse"/> gives the value, or null with <see cref="Expected"/> saying what was wanted.</summary>
public sealed record ScalarShape(Type Type, string Expected, Func<string, object?> Parse, Func<object, object> Write) : Shape(Type)
{
    /// <summary>Whether the JSON Schema type is string, integer, boolean, or (percentages) string or number.</summary>
    public required ScalarForm Form { get; init; }

    /// <summary>What the JSON Schema says of the text form.</summary>
    public string? Pattern { get; init; }

    public ImmutableArray<string> Words { get; init; } = [];

    public int? Min { get; init; }

    public int? Max { get; init; }

    public int? MaxLength { get; init; }
}

public enum ScalarForm { Text, Integer, Boolean, TextOrNumber }

public sealed record ListShape(Type Type, Shape Item, int MaxItems, bool NotEmpty) : Shape(Type)
{
    public required Func<IReadOnlyList<object>, object> Make { get; init; }
}

/// <summary>A map of text to text, in ordinal order of keys.</summary>
public sealed record MapShape(Type Type, int MaxItems) : Shape(Type);

public sealed record RecordShape(Type Type, ImmutableArray<FieldShape> Fields, ImmutableArray<OneOfAttribute> OneOfs, ImmutableArray<AnyOfAttribute> AnyOfs) : Shape(Type)
{
    public required Func<IReadOnlyDictionary<string, object?>, object> Make { get; init; }

    public FieldShape? Find(string name) => Fields.FirstOrDefault(f => f.Name == name);
}

/// <summary>A field by its document name, with how to read it from the record.</summary>
public sealed record FieldShape(string Name, Shape Shape, bool Required, FieldAttribute About, Func<object, object?> Get)
{
    /// <summary>The value that a record has when the field is not written; such values are not written back.</summary>
    public required object? Default { get; init; }
}
