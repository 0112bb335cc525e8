using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary><c>policyctl health</c>: the verdict on every endpoint that is checked for others, and who checks.</summary>
internal static class HealthCommand
{
    public static async Task<int> Run(ServerClient client, ClientCommands.Call call)
    {
        if (await client.Get("health", call.Cancellation) is not JsonObject health) return ExitCodes.Error;
        if (call.Json)
        {
            Out.Json(health);
            return ExitCodes.Done;
        }
        var (endpoints, checkers) = (Of(health, "endpoints"), Of(health, "checkers"));
        if (endpoints.Count == 0) Out.Line("no endpoint is checked for others (kind HealthCheck, by: FLEET)");
        else Out.Table(["SERVICE", "CLUSTER", "ENDPOINT", "VERDICT", "SINCE", "VOTES"], endpoints.Select(e => new[]
        {
            Text(e, "service"), Text(e, "cluster"), Text(e, "endpoint"), Text(e, "verdict"), Text(e, "since"),
            string.Join("  ", Of(e, "votes").Select(v => $"{Text(v, "node")} {Text(v, "says")}{((bool?)v["counts"] == true ? "" : " (silent)")}")),
        }));
        foreach (var checker in checkers) Out.Line($"checker {Text(checker, "node")} of fleet {Text(checker, "fleet")}: {(checker["lastReport"] is null ? "has not reported yet" : $"last report {Text(checker, "lastReport")}")}");
        if (endpoints.Count > 0 && checkers.Count == 0) Out.Line("no checker is connected; what was last known stands");
        return endpoints.Exists(e => Text(e, "verdict") == "unhealthy") ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static List<JsonObject> Of(JsonObject of, string list) => [.. ((JsonArray)of[list]!).OfType<JsonObject>()];

    private static string Text(JsonObject of, string field) => of[field]?.ToString() ?? "";
}
