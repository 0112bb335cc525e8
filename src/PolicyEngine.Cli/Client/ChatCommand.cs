using System.CommandLine;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary><c>policyctl chat</c>: a conversation, a line a turn. What begins with '/' is a command, the rest is said.</summary>
internal static class ChatCommand
{
    private const string Help = "Say what you want. /show, /approve, /promote, /rollback act on what was proposed last; /quit ends.";

    public static Command Build()
    {
        var (server, token) = (ServerClient.ServerOption(), ServerClient.TokenOption());
        var conversation = new Option<string?>("--conversation") { Description = "Go on with an earlier conversation", HelpName = "ID" };
        var command = new Command("chat", "Talk a change over: each line goes on from the ones before it") { server, token, conversation };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new ServerClient(parsed.GetValue(server), parsed.GetValue(token));
            return await Talk(client, parsed.GetValue(conversation), cancellation);
        });
        return command;
    }

    private static async Task<int> Talk(ServerClient client, string? conversation, CancellationToken cancellation)
    {
        var asks = !Console.IsInputRedirected;
        if (asks) Out.Note(Help);
        JsonObject? last = null;
        var failed = false;
        while (true)
        {
            if (asks) Console.Error.Write("> ");
            if (await Console.In.ReadLineAsync(cancellation) is not { } line || line.Trim() is "/quit" or "/exit") break;
            if (line.Trim() is not { Length: > 0 } text) continue;
            var answer = text.StartsWith('/')
                ? await Command(client, text, last, cancellation)
                : await client.Send(HttpMethod.Post, conversation is null ? "conversations" : $"conversations/{Uri.EscapeDataString(conversation)}/say", new JsonObject { ["text"] = text }, cancellation) as JsonObject;
            failed = answer is null;
            if (answer is null) continue;
            (last, conversation) = (answer, (string?)answer["conversation"] ?? conversation);
            ChangeText.Show(answer);
        }
        return failed ? ExitCodes.Error : (string?)last?["state"] switch { "needs-answer" => ExitCodes.NeedsAnswer, "refused" => ExitCodes.Refused, _ => ExitCodes.Done };
    }

    private static async Task<JsonObject?> Command(ServerClient client, string text, JsonObject? last, CancellationToken cancellation)
    {
        if (last is null || (string?)last["id"] is not { } id)
        {
            Out.Error("nothing was proposed yet");
            return null;
        }
        var path = "changes/" + Uri.EscapeDataString(id);
        return text switch
        {
            "/show" => await client.Get(path, cancellation) as JsonObject,
            "/approve" => await client.Send(HttpMethod.Post, path + "/approve", new JsonObject { ["reportHash"] = (string?)last["reportHash"] }, cancellation) as JsonObject,
            "/promote" => await client.Send(HttpMethod.Post, path + "/promote", null, cancellation) as JsonObject,
            "/rollback" => await client.Send(HttpMethod.Post, path + "/rollback", new JsonObject { ["reason"] = "asked for in a conversation" }, cancellation) as JsonObject,
            _ => Unknown(text),
        };
    }

    private static JsonObject? Unknown(string text)
    {
        Out.Error($"there is no command {text}. {Help}");
        return null;
    }
}
