using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Client;

/// <summary>A change for a terminal, and the next command.</summary>
internal static class ChangeText
{
    public static void Show(JsonObject change)
    {
        var (id, state) = ((string?)change["id"], (string?)change["state"]);
        Out.Line($"{id}: {state}");
        Out.Line($"  asked     {change["intent"]}  ({change["author"]})");
        if ((string?)change["summary"] is { Length: > 0 } summary) Out.Line($"  plan      {summary}");
        if (change["provenance"] is JsonObject provenance && Planner(provenance) is { } planner) Out.Line($"  by        {planner}");
        foreach (var reason in Texts(change["reasons"])) Out.Line($"  because   {reason}");
        foreach (var question in (change["questions"] as JsonArray ?? []).OfType<JsonObject>())
            Out.Line($"  question  {question["text"]}{(Texts(question["choices"]).ToList() is { Count: > 0 } choices ? $" ({string.Join(", ", choices)})" : "")}");
        if (state is "awaiting-approval" or "dry-run-failed" or "planned")
        {
            Out.Line();
            ReportText.Edits((change["edits"] as JsonArray ?? []).OfType<JsonObject>(), Yaml);
            Out.Line();
            if (change["report"] is JsonObject report) ReportText.Report(report);
        }
        if (Next(id, state, (string?)change["reportHash"]) is { } next) Out.Line($"\nNext: {next}");
    }

    /// <summary>Which planner it was, and which model with which prompt took part.</summary>
    internal static string? Planner(JsonObject provenance)
    {
        if (provenance["planner"] is not { } planner) return null;
        var words = $"{planner} {provenance["version"]}".TrimEnd();
        if (provenance["model"] is not JsonObject model) return words;
        var prompt = $"{model["prompt"]}";
        return $"{words}, {model["model"]}{(model["verdict"] is { } verdict ? $" ({verdict})" : "")}, prompt {Short(prompt)}";
    }

    /// <summary>As hashes are shown.</summary>
    internal static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    /// <summary>An approval is of the report above it.</summary>
    private static string? Next(string? id, string? state, string? report) => state switch
    {
        "awaiting-approval" => $"policyctl approve {id}{(report is { Length: > 0 } ? $" --report {Short(report)}" : "")}   (or: policyctl reject {id})",
        "approved" => $"policyctl promote {id}",
        "promoted" => "policyctl nodes   (undo with: policyctl rollback)",
        "needs-answer" => $"policyctl answer {id} \"…\"",
        "superseded" => $"policyctl dry-run {id}",
        _ => null,
    };

    private static string Yaml(JsonObject policy) => DocumentParser.Parse(policy.ToJsonString(), "change").Documents is [var document] ? document.ToYaml() : policy.ToJsonString();

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).Select(t => (string?)t ?? "");
}
