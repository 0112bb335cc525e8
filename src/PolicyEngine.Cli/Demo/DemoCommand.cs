using System.CommandLine;
using System.Text.Json.Nodes;
using PolicyEngine.Cli.Client;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Demo;

/// <summary><c>policyctl demo</c>: the main story in a terminal, with a server, three backends and, where one is found, an Envoy of its own; nothing of it stays.</summary>
internal static class DemoCommand
{
    private const int Requests = 1000;

    public static Command Build()
    {
        var command = new Command("demo", "Walks from a sentence to traffic and back, with a server, backends and an Envoy of its own");
        command.SetAction(async (_, cancellation) =>
        {
            try
            {
                await using var stage = await Stage.Set(cancellation);
                return await Play(stage, cancellation);
            }
            catch (DemoException e)
            {
                Out.Error(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }

    private static async Task<int> Play(Stage stage, CancellationToken cancellation)
    {
        using var client = new ServerClient(stage.Server, stage.Token);
        Out.Line($"server {stage.Server}, {stage.EnvoyNote}\n");
        await Traffic(stage, "before", cancellation);
        const string intent = "send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx";
        Out.Line($"\n$ policyctl submit \"{intent}\"");
        if (await client.Send(HttpMethod.Post, "changes", new JsonObject { ["intent"] = intent, ["channel"] = "demo" }, cancellation) is not JsonObject change) return ExitCodes.Error;
        ChangeText.Show(change);
        var id = (string)change["id"]!;
        Out.Line($"\n$ policyctl approve {id} && policyctl promote {id}");
        await client.Send(HttpMethod.Post, $"changes/{id}/approve", new JsonObject { ["reportHash"] = (string)change["reportHash"]! }, cancellation);
        if (await client.Send(HttpMethod.Post, $"changes/{id}/promote", null, cancellation) is null) return ExitCodes.Error;
        await stage.Settled(client, cancellation);
        await Traffic(stage, "after the promotion", cancellation);
        Out.Line("\n$ policyctl rollback");
        if (await client.Send(HttpMethod.Post, "rollback", new JsonObject { ["reason"] = "the demo is over" }, cancellation) is null) return ExitCodes.Error;
        await stage.Settled(client, cancellation);
        await Traffic(stage, "after the rollback", cancellation);
        Out.Line("\nEverything that was started ends now.");
        return ExitCodes.Done;
    }

    /// <summary>A bar of who answered, drawn as the answers come.</summary>
    private static async Task Traffic(Stage stage, string when, CancellationToken cancellation)
    {
        if (!stage.HasEnvoy) return;
        var (v1, v2, failed) = (0, 0, 0);
        for (var i = 1; i <= Requests; i++)
        {
            switch (await stage.Ask(cancellation))
            {
                case "v1": v1++; break;
                case "v2": v2++; break;
                default: failed++; break;
            }
            if (i == Requests || i % 50 == 0 && !Console.IsOutputRedirected) Console.Write($"\r  {when,-20} {Bar(v1, v2)} v1 {100.0 * v1 / i:0.0} %  v2 {100.0 * v2 / i:0.0} %  failed {failed}  ");
        }
        Console.WriteLine();
    }

    private static string Bar(int v1, int v2)
    {
        const int width = 40;
        var second = v1 + v2 == 0 ? 0 : (int)Math.Ceiling((double)width * v2 / (v1 + v2));
        return new string('█', width - second) + new string('░', second);
    }
}

internal sealed class DemoException(string message) : Exception(message);
