using System.Text.Json.Nodes;

namespace PolicyEngine.Cli.Output;

/// <summary>Plans, diffs and dry-run reports for a terminal.</summary>
internal static class ReportText
{
    private const int Width = 100;

    public static void Edits(IEnumerable<JsonObject> edits, Func<JsonObject, string> yaml)
    {
        foreach (var edit in edits)
        {
            Out.Line($"--- {edit["op"]} {edit["id"]}");
            if ((string?)edit["op"] == "upsert") Out.Line(yaml((JsonObject)edit["policy"]!).TrimEnd());
        }
    }

    /// <summary>What would change, resource by resource and field by field.</summary>
    public static void Diff(JsonObject diff)
    {
        var changes = (JsonArray)diff["changes"]!;
        Out.Line($"fleet {diff["fleet"]}: {changes.Count} resource{(changes.Count == 1 ? "" : "s")} ({Short(diff["from"])} → {Short(diff["to"])})");
        foreach (var change in changes.OfType<JsonObject>())
        {
            Out.Line($"  {Sign((string?)change["kind"])} {change["type"]} {change["name"]}");
            foreach (var field in ((JsonArray)change["fields"]!).OfType<JsonObject>()) Field(field);
        }
    }

    public static void Report(JsonObject report)
    {
        Out.Line($"Risk: {report["risk"]}");
        foreach (var risk in ((JsonArray)report["risks"]!).OfType<JsonObject>()) Out.Line($"  {risk["level"]}: {risk["explanation"]}");
        var fleets = ((JsonArray)report["fleets"]!).OfType<JsonObject>().ToList();
        if (fleets.Count == 0) Out.Line("Nothing that is served would change.");
        foreach (var fleet in fleets) Diff(fleet);
        foreach (var diagnostic in ((JsonArray)report["diagnostics"]!).OfType<JsonObject>())
            Out.Line($"{diagnostic["severity"]} {diagnostic["code"]}: {diagnostic["message"]}{(diagnostic["fix"] is { } fix ? $" [{fix}]" : "")}");
    }

    public static string Short(JsonNode? revision) => ((string?)revision ?? "none") is { Length: > 12 } long_ ? long_[..12] : "none";

    private static void Field(JsonObject field)
    {
        Out.Line($"      {field["path"]}");
        if (field["before"] is { } before) Out.Line($"        - {Cut((string?)before)}");
        if (field["after"] is { } after) Out.Line($"        + {Cut((string?)after)}");
    }

    private static string Sign(string? kind) => kind switch { "added" => "+", "removed" => "-", _ => "~" };

    private static string Cut(string? text) => text is null ? "" : text.Length <= Width ? text : text[..Width] + "…";
}
