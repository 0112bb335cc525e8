using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyEngine.Policies.Shapes;

/// <summary>A record as JSON: fields in their declared order, defaults left out, so equal records give equal text.</summary>
public static class JsonWriter
{
    public static JsonObject Write(object record) => Record(record, ShapeOf.Record(record.GetType()));

    private static JsonObject Record(object record, RecordShape shape)
    {
        var json = new JsonObject();
        foreach (var field in shape.Fields)
            if (Written(field, record) is { } value) json.Add(field.Name, Value(value, field.Shape));
        return json;
    }

    /// <summary>The field's value, or null where leaving it out says the same.</summary>
    internal static object? Written(FieldShape field, object record)
    {
        var value = field.Get(record);
        if (value is null || !field.Required && Equals(value, field.Default)) return null;
        // An empty list says the same as none, unless none means something.
        return IsEmptyList(value) && (field.Default is null || IsEmptyList(field.Default)) ? null : value;
    }

    private static bool IsEmptyList(object value) => value is IEnumerable list and not string && !list.Cast<object>().Any();

    private static JsonNode Value(object value, Shape shape) => shape switch
    {
        RecordShape r => Record(value, r),
        ListShape l => new JsonArray([.. ((IEnumerable)value).Cast<object>().Select(v => Value(v, l.Item))]),
        MapShape => new JsonObject(((ImmutableSortedDictionary<string, string>)value).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
        ScalarShape s => JsonSerializer.SerializeToNode(s.Write(value))!,
        _ => throw new ArgumentException($"no form for {shape.Type}", nameof(shape)),
    };
}
