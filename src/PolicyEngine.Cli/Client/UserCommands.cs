using System.CommandLine;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Client;

/// <summary><c>policyctl users</c>: who may use the server. A new token is printed once.</summary>
internal static class UserCommands
{
    public static Command Build()
    {
        var users = new Command("users", "Who may use the server, and as what");
        var name = new Argument<string>("NAME");
        var roles = new Option<string[]>("--role") { Description = "viewer, operator, approver or admin (repeatable)", Required = true };
        users.Subcommands.Add(Of("list", "All users", [], [], async (client, _, cancellation) =>
        {
            if (await client.Get("users", cancellation) is not JsonArray all) return ExitCodes.Error;
            Out.Table(["NAME", "ROLES", "SINCE"], all.OfType<JsonObject>().Select(u => new[] { (string?)u["name"] ?? "", string.Join(", ", ((JsonArray)u["roles"]!).Select(r => (string?)r)), (string?)u["createdAt"] ?? "" }));
            return ExitCodes.Done;
        }));
        users.Subcommands.Add(Of("add", "Add a user, or give one new roles and a new token", [name], [roles], async (client, parsed, cancellation) =>
        {
            var body = new JsonObject { ["name"] = parsed.GetValue(name), ["roles"] = new JsonArray([.. (parsed.GetValue(roles) ?? []).Select(r => (JsonNode)r)]) };
            if (await client.Send(HttpMethod.Post, "users", body, cancellation) is not JsonObject user) return ExitCodes.Error;
            Out.Line($"{user["name"]}'s token, shown this once:  {user["token"]}");
            return ExitCodes.Done;
        }));
        users.Subcommands.Add(Of("remove", "Withdraw a user's token", [name], [], async (client, parsed, cancellation) =>
            await client.Send(HttpMethod.Delete, "users/" + Uri.EscapeDataString(parsed.GetValue(name)!), null, cancellation) is null ? ExitCodes.Error : ExitCodes.Done));
        return users;
    }

    private static Command Of(string word, string says, Argument[] arguments, Option[] options, Func<ServerClient, ParseResult, CancellationToken, Task<int>> run)
    {
        var (server, token) = (ServerClient.ServerOption(), ServerClient.TokenOption());
        var command = new Command(word, says) { server, token };
        foreach (var argument in arguments) command.Arguments.Add(argument);
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = new ServerClient(parsed.GetValue(server), parsed.GetValue(token));
            return await run(client, parsed, cancellation);
        });
        return command;
    }
}
