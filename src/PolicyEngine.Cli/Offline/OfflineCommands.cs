using System.CommandLine;
using System.Text.Json.Nodes;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Cli.Output;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Xds;
using PolicyEngine.Xds.Diffing;
using PolicyEngine.Xds.Linting;

namespace PolicyEngine.Cli.Offline;

/// <summary>What works on files alone.</summary>
internal static class OfflineCommands
{
    public static IEnumerable<Command> All => [PlanCommand.Build(), Compile(), Check(), Diff(), LintFiles(), Schema(), BootstrapCommand.Build(), DetectCommand.Build(), EvalCommand.Build()];

    private static Command Compile()
    {
        var (catalog, policies, output) = (Inputs.Catalog(), Inputs.Policies(), Inputs.Output("text", "json", "bootstrap"));
        var fleet = new Option<string?>("--fleet") { Description = "The fleet; needed where there are several and the form holds one", HelpName = "NAME" };
        var command = new Command("compile", "What policies mean: the xDS resources of a fleet, or a static Envoy bootstrap") { catalog, policies, fleet, output };
        command.SetAction(parsed =>
        {
            if (Inputs.Read(parsed.GetValue(catalog), parsed.GetValue(policies)) is not { } input) return ExitCodes.Error;
            var candidate = Inputs.Compile(input);
            var form = parsed.GetValue(output)!;
            if (form != "json") Out.Diagnostics(candidate.Diagnostics);
            var wanted = parsed.GetValue(fleet) ?? (form == "text" ? null : Only(candidate));
            if (form == "text" && wanted is null)
            {
                Out.Table(["FLEET", "REVISION", "RESOURCES"], candidate.Snapshots.Values.Select(s => new[] { s.Fleet, s.Revision.Short, s.Resources.Count().ToString() }));
                return candidate.HasErrors ? ExitCodes.Error : ExitCodes.Done;
            }
            if (wanted is null || candidate.Snapshots.GetValueOrDefault(wanted) is not { } snapshot)
            {
                Out.Error(wanted is null ? $"which fleet? --fleet {string.Join(" | ", candidate.Snapshots.Keys)}" : $"there is no fleet '{wanted}' ({Nearest.Fix(wanted, [.. candidate.Snapshots.Keys])})");
                return ExitCodes.Error;
            }
            if (form == "bootstrap") Console.WriteLine(BootstrapWriter.Write(snapshot));
            else if (form == "json")
            {
                var json = SnapshotJson.Of(snapshot);
                json["diagnostics"] = Out.ToJson(candidate.Diagnostics);
                Out.Json(json);
            }
            else Out.Table(["TYPE", "NAME", "VERSION", "FROM"], snapshot.Resources.Select(r => new[] { r.Type.ShortName, r.Name, r.Revision.Short, string.Join(", ", r.Origins.Take(4)) + (r.Origins.Length > 4 ? ", …" : "") }));
            return candidate.HasErrors ? ExitCodes.Error : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The only fleet, or the only one with sockets.</summary>
    private static string? Only(Candidate candidate) =>
        candidate.Snapshots.Count == 1 ? candidate.Snapshots.Keys.First()
        : candidate.Compiled.Fleets.Where(f => f.Role == FleetRole.Gateway).ToList() is [var gateway] ? gateway.Name : null;

    private static Command Check()
    {
        var (catalog, policies, output) = (Inputs.Catalog(), Inputs.Policies(), Inputs.Output("text", "json"));
        var command = new Command("check", "Whether policies are valid, name what exists, do not conflict, and would be taken by Envoy") { catalog, policies, output };
        command.SetAction(parsed =>
        {
            var (c, p) = (parsed.GetValue(catalog), parsed.GetValue(policies));
            var json = parsed.GetValue(output) == "json";
            if (json && c is not null)
            {
                // Everything that is wrong in one answer, parse errors too.
                var (readCatalog, readPolicies) = (DocumentFolder.Read(c), p is null ? DocumentFolder.Nothing : DocumentFolder.Read(p));
                var all = readCatalog.Diagnostics.Concat(readPolicies.Diagnostics).Concat(Candidate.Of(new ServiceCatalog(readCatalog.Documents), new PolicySet(readPolicies.Documents)).Diagnostics).Sorted();
                Out.Json(new JsonObject { ["diagnostics"] = Out.ToJson(all) });
                return all.HasErrors() ? ExitCodes.Error : all.IsEmpty ? ExitCodes.Done : ExitCodes.Findings;
            }
            if (Inputs.Read(c, p) is not { } input) return ExitCodes.Error;
            var candidate = Inputs.Compile(input);
            if (json) Out.Json(new JsonObject { ["diagnostics"] = Out.ToJson(candidate.Diagnostics) });
            else
            {
                Out.Diagnostics(candidate.Diagnostics);
                Out.Line($"{input.Catalog.Documents.Count} catalog and {input.Policies.Documents.Count} policy documents, {candidate.Snapshots.Count} fleets: {candidate.Diagnostics.Count(d => d.Severity == Severity.Error)} errors, {candidate.Diagnostics.Count(d => d.Severity == Severity.Warning)} warnings");
            }
            return candidate.HasErrors ? ExitCodes.Error : candidate.Diagnostics.IsEmpty ? ExitCodes.Done : ExitCodes.Findings;
        });
        return command;
    }

    private static Command Diff()
    {
        var (catalog, output) = (Inputs.Catalog(), Inputs.Output("text", "json"));
        var from = new Option<string>("--from") { Description = "Folder of the policies that stand", HelpName = "DIR", Required = true };
        var to = new Option<string>("--to") { Description = "Folder of the policies that might", HelpName = "DIR", Required = true };
        var command = new Command("diff", "What would change between two policy sets, resource by resource and field by field") { catalog, from, to, output };
        command.SetAction(parsed =>
        {
            if (Inputs.Read(parsed.GetValue(catalog), parsed.GetValue(catalog) is null ? null : parsed.GetValue(from)) is not { } input) return ExitCodes.Error;
            if (Inputs.ReadPolicies(parsed.GetValue(from)!) is not { } before || Inputs.ReadPolicies(parsed.GetValue(to)!) is not { } after) return ExitCodes.Error;
            var old = Candidate.Of(input.Catalog, before);
            var now = Candidate.Of(input.Catalog, after, old);
            Out.Diagnostics(now.Diagnostics.Where(d => d.Severity == Severity.Error));
            var diffs = now.Snapshots.Values.Select(s => SnapshotDiff.Between(old.Snapshots.GetValueOrDefault(s.Fleet) ?? Snapshot.Empty(s.Fleet), s)).Where(d => !d.IsEmpty).Select(DryRunReport.Json).ToList();
            if (parsed.GetValue(output) == "json") Out.Json(new JsonObject { ["fleets"] = new JsonArray([.. diffs]), ["diagnostics"] = Out.ToJson(now.Diagnostics) });
            else if (diffs.Count == 0) Out.Line("no difference");
            else diffs.ForEach(ReportText.Diff);
            return now.HasErrors ? ExitCodes.Error : diffs.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
        return command;
    }

    private static Command LintFiles()
    {
        var files = new Argument<string[]>("FILE") { Description = "Envoy bootstraps or resources, YAML or JSON; - for standard input", Arity = ArgumentArity.OneOrMore };
        var output = Inputs.Output("text", "json");
        var command = new Command("lint", "Checks any Envoy bootstrap or resource file, ours or not") { files, output };
        command.SetAction(parsed =>
        {
            var found = parsed.GetValue(files)!.SelectMany(LintFile).ToList();
            if (parsed.GetValue(output) == "json") Out.Json(new JsonObject { ["diagnostics"] = Out.ToJson(found) });
            else
            {
                foreach (var diagnostic in found) Out.Line(diagnostic.ToString());
                if (found.Count == 0) Out.Line("nothing found");
            }
            return found.HasErrors() ? ExitCodes.Error : found.Count == 0 ? ExitCodes.Done : ExitCodes.Findings;
        });
        return command;
    }

    private static IEnumerable<Diagnostic> LintFile(string file)
    {
        if (file == "-") return ForeignFile.Check(Console.In.ReadToEnd(), "stdin");
        try
        {
            return ForeignFile.Check(File.ReadAllText(file), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [Diagnostic.Of(DiagnosticCatalogue.UnreadableFile, e.Message) with { Location = new Location(file, 1, 1) }];
        }
    }

    private static Command Schema()
    {
        var kind = new Argument<string?>("KIND") { Description = "A kind of document; without one, the kinds are listed", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("schema", "JSON Schema of a kind of document") { kind };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(kind) is not { } name)
            {
                Out.Table(["KIND", "SAYS"], Kinds.All.Select(k => new[] { k.Name, k.Says }));
                return ExitCodes.Done;
            }
            if (Kinds.Find(name) is { } known)
            {
                Console.WriteLine(known.Schema().ToJson());
                return ExitCodes.Done;
            }
            Out.Error($"'{name}' is not a kind ({Nearest.Fix(name, [.. Kinds.All.Select(k => k.Name)])})");
            return ExitCodes.Error;
        });
        return command;
    }
}
