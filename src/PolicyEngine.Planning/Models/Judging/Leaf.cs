using System.Collections;
using System.Collections.Immutable;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>One value in a document: the path of its field without positions (<c>backends.weight</c>), its value, and the record around it.</summary>
internal sealed record Leaf(string Field, object Value, object Within)
{
    public bool SaysTheSameAs(Leaf other) => Field == other.Field && Equals(Value, other.Value);

    /// <summary>Every value that is written in a spec, and the end of the document where it has one.</summary>
    public static ImmutableArray<Leaf> Of(Document document)
    {
        var leaves = ImmutableArray.CreateBuilder<Leaf>();
        Walk(document.Spec, document.Kind.Shape, "", document.Spec, leaves);
        if (document.Metadata.ExpiresAt is { } end) leaves.Add(new Leaf("expiresAt", end, document.Metadata));
        return leaves.ToImmutable();
    }

    private static void Walk(object value, Shape shape, string path, object within, ImmutableArray<Leaf>.Builder leaves)
    {
        switch (shape)
        {
            case RecordShape record:
                foreach (var field in record.Fields)
                    if (field.Get(value) is { } inner && (field.Required || !Equals(inner, field.Default)))
                        Walk(inner, field.Shape, path.Length == 0 ? field.Name : $"{path}.{field.Name}", value, leaves);
                break;
            case ListShape list:
                foreach (var item in ((IEnumerable)value).Cast<object>()) Walk(item, list.Item, path, within, leaves);
                break;
            case ScalarShape:
                leaves.Add(new Leaf(path, value, within));
                break;
        }
    }
}
