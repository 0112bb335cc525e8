using System.Globalization;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary><c>policyctl health</c>: the verdict on every endpoint that is checked for others, and who checks.</summary>
internal static class HealthCommand
{
    public static async Task<int> Run(ServerClient client, ClientCommands.Call call)
    {
        if (await client.Get("health", call.Cancellation) is not JsonObject health) return ExitCodes.Error;
        var (endpoints, checkers) = (Of(health, "endpoints"), Of(health, "checkers"));
        if (call.Json) Out.Json(health);
        else Show(endpoints, checkers);
        return endpoints.Exists(e => Text(e, "verdict") == "unhealthy") ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static void Show(List<JsonObject> endpoints, List<JsonObject> checkers)
    {
        if (endpoints.Count == 0) Out.Line("no endpoint is checked for others (kind HealthCheck, by: FLEET)");
        else Out.Table(["CLUSTER", "ENDPOINT", "VERDICT", "SINCE", "VOTES"], endpoints.Select(e => new[] { Text(e, "cluster"), Text(e, "endpoint"), Text(e, "verdict"), Time(e, "since"), Votes(Of(e, "votes")) }));
        foreach (var checker in checkers) Out.Line($"checker {Text(checker, "node")} of fleet {Text(checker, "fleet")}: {(checker["lastReport"] is null ? "has not reported yet" : $"last report {Time(checker, "lastReport")}")}");
        if (endpoints.Count > 0 && checkers.Count == 0) Out.Line("no checker is connected; what was last known stands");
    }

    private static List<JsonObject> Of(JsonObject of, string list) => [.. ((JsonArray)of[list]!).OfType<JsonObject>()];

    private static string Votes(List<JsonObject> votes) => string.Join(", ", votes.GroupBy(v => (bool?)v["counts"] == true ? Text(v, "says") : "silent").OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Count()} {v.Key}"));

    /// <summary>In UTC, to the second.</summary>
    private static string Time(JsonObject of, string field) => (DateTimeOffset?)of[field] is { } time ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    private static string Text(JsonObject of, string field) => of[field]?.ToString() ?? "";
}
