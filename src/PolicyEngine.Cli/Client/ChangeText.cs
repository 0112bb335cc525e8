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
        if (Next(id, state) is { } next) Out.Line($"\nNext: {next}");
    }

    private static string? Next(string? id, string? state) => state switch
    {
        "awaiting-approval" => $"policyctl approve {id}   (or: policyctl reject {id})",
        "approved" => $"policyctl promote {id}",
        "promoted" => "policyctl nodes   (undo with: policyctl rollback)",
        "needs-answer" => $"policyctl answer {id} \"…\"",
        "superseded" => $"policyctl dry-run {id}",
        _ => null,
    };

    private static string Yaml(JsonObject policy) => DocumentParser.Parse(policy.ToJsonString(), "change").Documents is [var document] ? document.ToYaml() : policy.ToJsonString();

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).Select(t => (string?)t ?? "");
}
