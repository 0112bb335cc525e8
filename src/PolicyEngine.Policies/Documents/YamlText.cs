using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PolicyEngine.Policies.Documents;

/// <summary>JSON as YAML for people: block style, small blocks of plain values on one line, quotes only where YAML needs them.</summary>
public static partial class YamlText
{
    private const int InlineWidth = 90;

    public static string Write(JsonObject document)
    {
        var text = new StringBuilder();
        Block(text, document, 0);
        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonObject map, int indent)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', indent).Append(Scalar(key)).Append(':');
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, JsonNode? value, int indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } map when Inline(map) is null:
                text.Append('\n');
                Block(text, map, indent + 2);
                break;
            case JsonArray { Count: > 0 } list when Inline(list) is null:
                text.Append('\n');
                foreach (var item in list) Item(text, item, indent + 2);
                break;
            default:
                text.Append(' ').Append(Inline(value)).Append('\n');
                break;
        }
    }

    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        if (item is JsonObject { Count: > 0 } map && Inline(map) is null)
        {
            var block = new StringBuilder();
            Block(block, map, indent + 2);
            text.Append(' ', indent).Append("- ").Append(block, indent + 2, block.Length - indent - 2);
        }
        else text.Append(' ', indent).Append("- ").Append(Inline(item)).Append('\n');
    }

    /// <summary>The value on one line, or null when it is better spread out: too long, or a block within a block.</summary>
    private static string? Inline(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject map when map.All(p => p.Value is JsonValue) => Short("{" + string.Join(", ", map.Select(p => $"{Scalar(p.Key)}: {Inline(p.Value)}")) + "}"),
        JsonArray list when list.All(v => v is JsonValue) => Short("[" + string.Join(", ", list.Select(Inline)) + "]"),
        JsonObject or JsonArray => null,
        JsonValue v when v.GetValueKind() == JsonValueKind.String => Scalar(v.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    private static string? Short(string line) => line.Length <= InlineWidth ? line : null;

    private static string Scalar(string text) =>
        Plain().IsMatch(text) && !Reserved().IsMatch(text) ? text : JsonSerializer.Serialize(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"^[A-Za-z0-9/][A-Za-z0-9 _./%()+-]*(?<! )\z")]
    private static partial Regex Plain();

    // What YAML would read as something else than text.
    [GeneratedRegex(@"^(true|false|yes|no|on|off|null|y|n|[-+]?[0-9][0-9_]*(\.[0-9_]*)?(e[-+]?[0-9]+)?|[-+]?\.[0-9]+|0[xob].*|\.inf|\.nan|[0-9]{4}-[0-9]{2}-[0-9]{2}.*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();
}
