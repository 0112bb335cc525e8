using System.CommandLine;
using PolicyEngine.Cli.Output;
using PolicyEngine.Xds;

namespace PolicyEngine.Cli.Offline;

/// <summary><c>policyctl bootstrap</c>: the file with which an Envoy joins.</summary>
internal static class BootstrapCommand
{
    public static Command Build()
    {
        var node = new Option<string>("--node") { Description = "The node's id", HelpName = "ID", DefaultValueFactory = _ => "edge-1" };
        var cluster = new Option<string>("--cluster") { Description = "What the fleet's node selector asks for", HelpName = "NAME", DefaultValueFactory = _ => "edge" };
        var xds = new Option<string>("--xds") { Description = "Where the control plane listens", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:18000" };
        var protocol = new Option<string>("--protocol") { Description = "delta or sotw", DefaultValueFactory = _ => "delta" };
        protocol.AcceptOnlyFromAmong("delta", "sotw");
        var command = new Command("bootstrap", "An Envoy bootstrap that joins a fleet") { node, cluster, xds, protocol };
        command.SetAction(parsed =>
        {
            var where = parsed.GetValue(xds)!;
            var colon = where.LastIndexOf(':');
            if (colon < 1 || !int.TryParse(where[(colon + 1)..], out var port) || port is < 1 or > 65535)
            {
                Out.Error($"--xds {where}: write HOST:PORT");
                return ExitCodes.Error;
            }
            try
            {
                Console.WriteLine(NodeBootstrap.Write(parsed.GetValue(node)!, parsed.GetValue(cluster)!, where[..colon].Trim('[', ']'), port, parsed.GetValue(protocol) == "delta"));
                return ExitCodes.Done;
            }
            catch (ArgumentException e)
            {
                Out.Error(e.Message);
                return ExitCodes.Error;
            }
        });
        return command;
    }
}
