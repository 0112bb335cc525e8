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
        var ca = new Option<string?>("--tls-ca") { Description = "With TLS: who signed the control plane's certificate (PEM, on the node's machine)", HelpName = "FILE" };
        var certificate = new Option<string?>("--tls-cert") { Description = "The node's certificate (PEM, on the node's machine)", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "Its key", HelpName = "FILE" };
        var checker = new Option<string?>("--checker") { Description = "The node checks endpoints for others (HDS): beside its own work (also), or nothing else (only)", HelpName = "also|only" };
        checker.AcceptOnlyFromAmong("also", "only");
        var command = new Command("bootstrap", "An Envoy bootstrap that joins a fleet") { node, cluster, xds, protocol, ca, certificate, key, checker };
        command.SetAction(parsed =>
        {
            var where = parsed.GetValue(xds)!;
            var colon = where.LastIndexOf(':');
            if (colon < 1 || !int.TryParse(where[(colon + 1)..], out var port) || port is < 1 or > 65535)
            {
                Out.Error($"--xds {where}: write HOST:PORT");
                return ExitCodes.Error;
            }
            var files = new[] { ca, certificate, key }.Select(parsed.GetValue).ToList();
            if (files.Exists(f => f is null) && files.Exists(f => f is not null))
            {
                Out.Error("--tls-ca, --tls-cert and --tls-key go together: nodes and control plane know each other by their certificates");
                return ExitCodes.Error;
            }
            try
            {
                var tls = files[0] is null ? null : new NodeTls(files[0]!, files[1]!, files[2]!);
                Console.WriteLine(NodeBootstrap.Write(parsed.GetValue(node)!, parsed.GetValue(cluster)!, where[..colon].Trim('[', ']'), port, parsed.GetValue(protocol) == "delta", tls, parsed.GetValue(checker) switch { "also" => Checking.Also, "only" => Checking.Only, _ => Checking.No }));
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
