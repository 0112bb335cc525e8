using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary>Findings for a terminal.</summary>
internal static class FindingText
{
    public static async Task<int> List(ServerClient client, ClientCommands.Call call)
    {
        if (await client.Get("findings", call.Cancellation) is not JsonObject answer) return ExitCodes.Error;
        var findings = ((JsonArray)answer["findings"]!).OfType<JsonObject>().ToList();
        if (call.Json) Out.Json(answer);
        else if (findings.Count == 0) Out.Line($"nothing found since {answer["since"]}");
        else
            foreach (var finding in findings)
            {
                var (what, remedy) = (finding["finding"]!, finding["remedy"]);
                Out.Line($"{what["id"]}: {what["state"]}  {what["says"]}");
                if (remedy is not null) Out.Line($"  remedy    {remedy["phase"]}{((string?)remedy["change"] is { } change ? $" ({change})" : "")}: {remedy["why"]}");
            }
        if (!call.Json && (bool?)answer["remediesOn"] == false) Out.Line("remedies are switched off");
        return findings.Exists(f => (string?)f["finding"]!["state"] == "open") ? ExitCodes.Findings : ExitCodes.Done;
    }

    public static async Task<int> Switch(ServerClient client, ClientCommands.Call call)
    {
        if (call.First is not ("on" or "off"))
        {
            Out.Error("say on or off");
            return ExitCodes.Error;
        }
        if (await client.Send(HttpMethod.Post, "remedies/switch", new JsonObject { ["on"] = call.First == "on" }, call.Cancellation) is null) return ExitCodes.Error;
        Out.Line($"remedies are {call.First}");
        return ExitCodes.Done;
    }
}
