using System.Collections;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Ir;

namespace PolicyEngine.Compiler.Tests;

/// <summary>IR for people to read in goldens: what is not set is left out.</summary>
internal static class IrJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(IEnumerable<FleetIr> fleets) => new JsonArray([.. fleets.Select(f => Node(f))]).ToJsonString(Indented);

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        string s => s,
        bool b => b,
        int i => i,
        Percentage p => p.ToString(),
        TimeSpan t => Duration.Format(t),
        Cidr c => c.ToString(),
        Enum e => e.ToString(),
        IEnumerable list => new JsonArray([.. list.Cast<object>().Select(Node)]),
        _ => Record(value),
    };

    private static JsonObject Record(object record)
    {
        var json = new JsonObject();
        if (record is RouteAction) json["action"] = record.GetType().Name;
        foreach (var property in record.GetType().GetProperties().Where(p => p.Name is not "EqualityContract" and not "Conditions"))
            if (property.GetValue(record) is { } value && !IsEmpty(value)) json[char.ToLowerInvariant(property.Name[0]) + property.Name[1..]] = Node(value);
        return json;
    }

    private static bool IsEmpty(object value) => value is false || value is IEnumerable list and not string && !list.Cast<object>().Any() || value is RouteTraffic t && t == RouteTraffic.None;
}
