using System.CommandLine;
using PolicyEngine.Agent;
using PolicyEngine.Cli.Output;

namespace PolicyEngine.Cli.Nodes;

/// <summary><c>policyctl agent</c>: serves the Envoys of one machine what the server publishes, also while the server is away.</summary>
internal static class AgentCommand
{
    public static Command Build()
    {
        var server = new Option<string>("--server") { Description = "Where the control plane listens for nodes (its xDS port)", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:18000" };
        var node = new Option<string>("--node") { Description = "The agent's own name, as 'policyctl nodes' shows it", HelpName = "ID", DefaultValueFactory = _ => "agent-" + Environment.MachineName };
        var cluster = new Option<string>("--cluster") { Description = "What the fleet's node selector asks for; Envoys of this cluster are served", HelpName = "NAME", DefaultValueFactory = _ => "edge" };
        var metadata = new Option<string[]>("--metadata") { Description = "More for the node selector to go by; repeatable", HelpName = "KEY=VALUE", DefaultValueFactory = _ => [] };
        var listen = new Option<string>("--listen") { Description = "Where Envoys connect", HelpName = "ADDRESS:PORT", DefaultValueFactory = _ => "127.0.0.1:18001" };
        var data = new Option<string>("--data") { Description = "Folder in which the last good snapshot is kept", HelpName = "DIR", Required = true };
        var ca = new Option<string?>("--tls-ca") { Description = "With TLS: who signed the control plane's certificate (PEM)", HelpName = "FILE" };
        var certificate = new Option<string?>("--tls-cert") { Description = "The agent's certificate (PEM), of the fleet's identity", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "Its key", HelpName = "FILE" };
        var command = new Command("agent", "Serves the Envoys of one machine what the server publishes, and goes on when the server is away") { server, node, cluster, metadata, listen, data, ca, certificate, key };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var options = AgentOptions.Parse(parsed.GetValue(server)!, parsed.GetValue(node)!, parsed.GetValue(cluster)!, parsed.GetValue(metadata)!, parsed.GetValue(listen)!, parsed.GetValue(data)!)
                    .WithTls(parsed.GetValue(ca), parsed.GetValue(certificate), parsed.GetValue(key));
                await using var agent = await AgentApp.Start(options, cancellation);
                Out.Line($"Envoys of cluster {options.Cluster} connect to {options.Listen.Address}:{agent.Port}; {(agent.Current is { } kept ? $"{kept.Snapshot} was kept and is served" : "nothing is kept yet")}");
                Out.Line($"Bootstrap: policyctl bootstrap --cluster {options.Cluster} --xds {options.Listen.Address}:{agent.Port}");
                await agent.WaitForShutdown(cancellation);
                return ExitCodes.Done;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
            {
                Out.Error(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }
}
