using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary>How secrets stand, for people.</summary>
internal static class SecretText
{
    private const int ShownFingerprint = 16;

    public static async Task<int> List(ServerClient client, ClientCommands.Call call)
    {
        if (await client.Get("secrets", call.Cancellation) is not JsonArray secrets) return ExitCodes.Error;
        var rows = secrets.OfType<JsonObject>().ToList();
        if (call.Json) Out.Json(secrets);
        else if (rows.Count == 0) Out.Line("the catalog names no secret");
        else Out.Table(["SECRET", "STATE", "SUBJECT", "UNTIL", "SHA-256", "FROM"], rows.Select(s => new[]
        {
            (string?)s["name"] ?? "", (string?)s["state"] ?? "", (string?)s["subject"] ?? "", (string?)s["notAfter"] ?? "", Short((string?)s["fingerprint"]),
            string.Join(", ", (s["from"] as JsonArray ?? []).Select(f => (string?)f)),
        }));
        var wrong = rows.Where(s => s["problem"] is not null).ToList();
        if (!call.Json)
            foreach (var secret in wrong) Out.Line($"{secret["name"]}: {secret["problem"]!["code"]} {secret["problem"]!["message"]}");
        return wrong.Count > 0 ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static string Short(string? fingerprint) => fingerprint is { Length: > ShownFingerprint } ? fingerprint[..ShownFingerprint] + "…" : fingerprint ?? "";
}
