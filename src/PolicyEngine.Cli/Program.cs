using System.CommandLine;
using PolicyEngine.Cli;
using PolicyEngine.Cli.Client;
using PolicyEngine.Cli.Demo;
using PolicyEngine.Cli.Nodes;
using PolicyEngine.Cli.Offline;

var root = new RootCommand("policyctl: say what should happen to traffic, see what it would change, approve it, and have every Envoy follow.\nExit codes: 0 done, 1 error, 2 needs an answer, 3 refused, 4 differences or findings exist.");
foreach (var command in OfflineCommands.All.Concat(ClientCommands.All).Append(ChatCommand.Build()).Append(UserCommands.Build()).Append(AgentCommand.Build()).Append(DemoCommand.Build())) root.Subcommands.Add(command);
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = true });
