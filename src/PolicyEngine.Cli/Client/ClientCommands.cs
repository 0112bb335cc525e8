using System.CommandLine;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Client;

/// <summary>What needs a server. Each is one call of its API.</summary>
internal static class ClientCommands
{
    public static IEnumerable<Command> All =>
    [
        Of("submit", "Ask for a change in words; it is planned and dry-run, and waits for approval", new Argument<string>("INTENT") { Description = "What you want; - for standard input" }, Submit),
        Of("answer", "Answer the question of a change", Id(), Answer, new Argument<string>("ANSWER")),
        Of("changes", "List changes, newest first", null, List),
        Of("show", "One change: what was asked, planned, and would happen", Id(), (c, call) => Change(c, call, HttpMethod.Get, "", null)),
        Of("dry-run", "Dry-run a change again, on what is served now", Id(), (c, call) => Change(c, call, HttpMethod.Post, "/dry-run", null)),
        Of("approve", "Approve a change: signs its report", Id(), Approve, option: Report()),
        Of("reject", "Reject a change", Id(), (c, call) => Change(c, call, HttpMethod.Post, "/reject", new JsonObject { ["reason"] = "rejected on the command line" })),
        Of("promote", "Serve an approved change to every node of its fleets", Id(), (c, call) => Change(c, call, HttpMethod.Post, "/promote", null)),
        Of("rollback", "Take a promoted change back; the last one, if none is named", new Argument<string?>("CHANGE") { Arity = ArgumentArity.ZeroOrOne }, RollBack),
        Of("nodes", "Connected nodes, and what each acknowledged", null, Nodes),
        Of("secrets", "Certificates that nodes are given: whose, until when, and what is wrong with them", null, SecretText.List),
        Of("health", "What the nodes found that check endpoints for others", null, HealthCommand.Run),
        Of("findings", "What was found amiss, and what is done about it", null, FindingText.List),
        Of("remedies", "Turn remedies on or off, for all findings", new Argument<string>("on|off"), FindingText.Switch),
        Of("audit", "The journal; 'audit verify' checks its chain", new Argument<string?>("VERIFY") { Arity = ArgumentArity.ZeroOrOne }, Audit),
        Of("export", "Write the policies that are served as files", new Argument<string>("DIR"), Export),
    ];

    private const int LeastOfAHash = 8;

    internal sealed record Call(string? First, string? Second, bool Json, CancellationToken Cancellation);

    private static Argument<string> Id() => new("CHANGE") { Description = "Its id, as c-7" };

    private static Option<string?> Report() => new("--report") { Description = "The report that you saw, by the beginning of its hash: another one is not signed. Without it, the report as it stands now is" };

    private static Command Of(string name, string says, Argument? first, Func<ServerClient, Call, Task<int>> run, Argument<string>? second = null, Option<string?>? option = null)
    {
        var (server, token, output) = (ServerClient.ServerOption(), ServerClient.TokenOption(), Offline.Inputs.Output("text", "json"));
        var command = new Command(name, says) { server, token, output };
        if (first is not null) command.Arguments.Add(first);
        if (second is not null) command.Arguments.Add(second);
        if (option is not null) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new ServerClient(parsed.GetValue(server), parsed.GetValue(token));
            var one = first is null ? null : parsed.GetValue<string?>(first.Name);
            return await run(client, new Call(one, second is not null ? parsed.GetValue(second) : option is not null ? parsed.GetValue(option) : null, parsed.GetValue(output) == "json", cancellation));
        });
        return command;
    }

    private static async Task<int> Submit(ServerClient client, Call call)
    {
        var text = call.First == "-" ? await Console.In.ReadToEndAsync(call.Cancellation) : call.First;
        return Shown(await client.Send(HttpMethod.Post, "changes", new JsonObject { ["intent"] = text, ["channel"] = "cli" }, call.Cancellation), call);
    }

    private static Task<int> Answer(ServerClient client, Call call) => Change(client, call, HttpMethod.Post, "/answer", new JsonObject { ["answer"] = call.Second });

    /// <summary>Signs the report that was seen, or else the one that stands there now: its hash is read and sent back, so a report that moves in between is not approved.</summary>
    private static async Task<int> Approve(ServerClient client, Call call)
    {
        if (call.Second is { Length: < LeastOfAHash })
        {
            Out.Error($"--report: a report is named by at least {LeastOfAHash} digits of its hash");
            return ExitCodes.Error;
        }
        if (await client.Get(Path(call), call.Cancellation) is not { } change) return ExitCodes.Error;
        var hash = (string?)change["reportHash"];
        if (call.Second is { } seen && hash?.StartsWith(seen, StringComparison.OrdinalIgnoreCase) != true)
        {
            Out.Error(string.IsNullOrEmpty(hash) ? $"{call.First} has no report to sign" : $"the report of {call.First} is {ChangeText.Short(hash)} now, not {seen}; nothing was signed. Look at it: policyctl show {call.First}");
            return ExitCodes.Refused;
        }
        return await Change(client, call, HttpMethod.Post, "/approve", new JsonObject { ["reportHash"] = hash });
    }

    private static async Task<int> RollBack(ServerClient client, Call call)
    {
        var path = call.First is null ? "rollback" : Path(call) + "/rollback";
        return Shown(await client.Send(HttpMethod.Post, path, new JsonObject { ["reason"] = "asked for on the command line" }, call.Cancellation), call);
    }

    private static async Task<int> Change(ServerClient client, Call call, HttpMethod method, string step, JsonObject? body) =>
        Shown(await client.Send(method, Path(call) + step, body, call.Cancellation), call);

    private static string Path(Call call) => "changes/" + Uri.EscapeDataString(call.First!);

    private static int Shown(JsonNode? answer, Call call)
    {
        if (answer is not JsonObject change) return ExitCodes.Error;
        if (call.Json) Out.Json(change);
        else ChangeText.Show(change);
        return (string?)change["state"] switch
        {
            "needs-answer" => ExitCodes.NeedsAnswer,
            "refused" => ExitCodes.Refused,
            "dry-run-failed" => ExitCodes.Error,
            _ => ExitCodes.Done,
        };
    }

    private static async Task<int> List(ServerClient client, Call call)
    {
        if (await client.Get("changes", call.Cancellation) is not JsonArray changes) return ExitCodes.Error;
        if (call.Json) Out.Json(changes);
        else Out.Table(["CHANGE", "STATE", "AUTHOR", "WHAT"], changes.OfType<JsonObject>().Select(c => new[] { (string?)c["id"] ?? "", (string?)c["state"] ?? "", (string?)c["author"] ?? "", (string?)c["intent"] ?? "" }));
        return ExitCodes.Done;
    }

    private static async Task<int> Nodes(ServerClient client, Call call)
    {
        if (await client.Get("nodes", call.Cancellation) is not JsonArray nodes) return ExitCodes.Error;
        if (call.Json)
        {
            Out.Json(nodes);
            return ExitCodes.Done;
        }
        if (nodes.Count == 0) Out.Line("no node is connected");
        else Out.Table(["NODE", "FLEET", "STATE", "PROTOCOL", "ACKNOWLEDGED"], nodes.OfType<JsonObject>().Select(n => new[]
        {
            (string?)n["id"] ?? "", (string?)n["fleet"] ?? "(none wants it)", (string?)n["state"] ?? "", (string?)n["protocol"] ?? "",
            string.Join("  ", ((JsonArray)n["types"]!).OfType<JsonObject>().Select(t => $"{t["type"]} {t["acknowledged"]}")),
        }));
        foreach (var rejection in nodes.OfType<JsonObject>().SelectMany(n => ((JsonArray)n["types"]!).OfType<JsonObject>().Where(t => t["rejection"] is not null).Select(t => (Node: n, Type: t))))
            Out.Line($"{rejection.Node["id"]} refused {rejection.Type["type"]}: {rejection.Type["rejection"]!["message"]} (suspects: {string.Join(", ", ((JsonArray)rejection.Type["rejection"]!["suspects"]!).Select(s => (string?)s))})");
        return nodes.OfType<JsonObject>().Any(n => (string?)n["state"] == "rejected") ? ExitCodes.Findings : ExitCodes.Done;
    }

    private static async Task<int> Audit(ServerClient client, Call call)
    {
        if (call.First == "verify")
        {
            if (await client.Get("journal/verify", call.Cancellation) is not JsonObject verdict) return ExitCodes.Error;
            if (call.Json) Out.Json(verdict);
            else Out.Line((bool?)verdict["isSound"] == true ? $"{verdict["records"]} records, unbroken; head {verdict["head"]}" : $"broken at record {verdict["firstBad"]}: {verdict["problem"]}");
            return (bool?)verdict["isSound"] == true ? ExitCodes.Done : ExitCodes.Findings;
        }
        if (await client.Get("journal?limit=1000", call.Cancellation) is not JsonArray records) return ExitCodes.Error;
        if (call.Json) Out.Json(records);
        else Out.Table(["#", "AT", "ACTOR", "CHANGE", "EVENT"], records.OfType<JsonObject>().Select(r => new[] { r["sequence"]!.ToString(), (string?)r["at"] ?? "", (string?)r["actor"] ?? "", (string?)r["change"] ?? "", (string?)r["payload"]?["event"] ?? "" }));
        return ExitCodes.Done;
    }

    private static async Task<int> Export(ServerClient client, Call call)
    {
        if (await client.Get("policies", call.Cancellation) is not JsonObject set) return ExitCodes.Error;
        var documents = ((JsonArray)set["documents"]!).SelectMany(d => DocumentParser.Parse(d!.ToJsonString(), "server").Documents);
        var policies = new PolicySet(documents);
        DocumentFolder.Write(call.First!, policies);
        Out.Line($"{policies.Documents.Count} policies ({policies.Revision.Short}) in {call.First}");
        return ExitCodes.Done;
    }
}
