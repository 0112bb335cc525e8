using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Cli.Output;
using PolicyEngine.Planning;
using PolicyEngine.Planning.Models;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Offline;

/// <summary><c>policyctl plan</c>: words to edits, without a server.</summary>
internal static class PlanCommand
{
    public static Command Build()
    {
        var intent = new Argument<string>("INTENT") { Description = "What you want, in words; - for standard input" };
        var (catalog, policies, output) = (Inputs.Catalog(), Inputs.Policies(), Inputs.Output("text", "json"));
        var planner = new PlannerOptions();
        var after = new Option<string[]>("--after") { Description = "An earlier turn of the same conversation (repeatable)", HelpName = "INTENT" };
        var write = new Option<string?>("--write") { Description = "Also write the edited policy set here", HelpName = "DIR" };
        var command = new Command("plan", "What an intent in plain English would edit") { intent, catalog, policies, after, write, output };
        planner.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (Inputs.Read(parsed.GetValue(catalog), parsed.GetValue(policies)) is not { } input) return ExitCodes.Error;
            var text = parsed.GetValue(intent)!;
            if (text == "-") text = await Console.In.ReadToEndAsync(cancellation);
            PlannerSet planners;
            try
            {
                planners = planner.Create(parsed);
            }
            catch (ArgumentException e)
            {
                Out.Error(e.Message);
                return ExitCodes.Error;
            }
            using var _ = planners;
            var (plan, standing) = await Run(planners.Planner, input, [.. parsed.GetValue(after) ?? [], text], cancellation);
            if (parsed.GetValue(output) == "json") Out.Json(Json(plan));
            else Show(plan);
            if (plan.Status == PlanStatus.Planned && parsed.GetValue(write) is { } folder) DocumentFolder.Write(folder, standing.Apply(plan.Edits));
            return plan.Status switch
            {
                PlanStatus.Planned => ExitCodes.Done,
                PlanStatus.NeedsClarification => ExitCodes.NeedsAnswer,
                _ => ExitCodes.Refused,
            };
        });
        return command;
    }

    /// <summary>Plans each turn on what the ones before it left; gives the last plan and the policies that it edits.</summary>
    private static async Task<(Plan Plan, PolicySet Standing)> Run(IPlanner planner, (ServiceCatalog Catalog, PolicySet Policies) input, IReadOnlyList<string> turns, CancellationToken cancellation)
    {
        var (policies, earlier) = (input.Policies, new List<PlanTurn>());
        var before = Candidate.Of(input.Catalog, policies);
        for (var i = 0; ; i++)
        {
            var plan = await planner.PlanAsync(new PlanRequest
            {
                Intent = turns[i],
                Catalog = input.Catalog,
                Policies = policies,
                Earlier = [.. earlier],
                Now = TimeProvider.System.GetUtcNow(),
                Compile = p => Candidate.Of(input.Catalog, p, before).Diagnostics,
            }, cancellation);
            if (i == turns.Count - 1) return (plan, policies);
            earlier.Add(new PlanTurn(turns[i], plan, policies));
            policies = policies.Apply(plan.Edits);
        }
    }

    private static JsonObject Json(Plan plan) => new()
    {
        ["status"] = JsonNamingPolicy.KebabCaseLower.ConvertName(plan.Status.ToString()),
        ["summary"] = plan.Summary,
        ["edits"] = new JsonArray([.. plan.Edits.Select(e => (JsonNode)EditJson.Write(e))]),
        ["questions"] = new JsonArray([.. plan.Questions.Select(q => JsonSerializer.SerializeToNode(q, JournalJson.Options))]),
        ["reasons"] = new JsonArray([.. plan.Reasons.Select(r => (JsonNode)r)]),
        ["provenance"] = JsonSerializer.SerializeToNode(plan.Provenance, JournalJson.Options),
    };

    private static void Show(Plan plan)
    {
        Out.Line(plan.Summary);
        foreach (var reason in plan.Reasons) Out.Line($"refused: {reason}");
        foreach (var question in plan.Questions) Out.Line($"? {question.Text}{(question.Choices.IsEmpty ? "" : $" ({string.Join(", ", question.Choices)})")}");
        ReportText.Edits(plan.Edits.Select(EditJson.Write), p => DocumentParser.Parse(p.ToJsonString(), "plan").Documents is [var d] ? d.ToYaml() : p.ToJsonString());
    }
}
