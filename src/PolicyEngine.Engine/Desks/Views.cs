using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;

namespace PolicyEngine.Engine.Desks;

/// <summary>Changes to what is shown of them: pure.</summary>
internal static class Views
{
    public static ChangeRow Row(Change change) => new(change.Id, Word(change.State), change.Intent, change.Author, change.UpdatedAt, Risk(change.Report));

    public static ChangeView View(Change change, Revision head, Actor actor, int people) => new()
    {
        Row = Row(change),
        StateWords = ChangeMachine.Word(change.State),
        Channel = change.Channel,
        CreatedAt = change.CreatedAt,
        Conversation = change.Conversation,
        Undoes = change.Undoes,
        RolledBackBy = change.RolledBackBy,
        Answers = change.Answers,
        Summary = change.Summary,
        Questions = [.. change.Questions.Select(q => new QuestionView(q.Text, q.Choices))],
        Reasons = change.Reasons,
        Documents = Documents(change),
        Planner = Planner(change.Provenance),
        Report = ReportView.Of(change.Report),
        ReportHash = change.ReportHash,
        Approvals = [.. change.Approvals.Select(a => new ApprovalView(a.By, a.At))],
        ApprovalsNeeded = change.Need.Approvals,
        AuthorCounts = change.Need.Author switch
        {
            AuthorApproval.Always => "the author may be one of them",
            AuthorApproval.WhileAlone => people <= 1 ? "the author may be the one, being the only user" : "not the author",
            _ => "not the author",
        },
        PromotedAt = change.PromotedAt,
        IsServed = change.State == ChangeState.Promoted && change.Candidate == head,
        Steps = [.. Steps.Of(change, actor, people)],
    };

    public static string Word(ChangeState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    /// <summary>The documents of the report, with what stood before; those of the plan where there is no report.</summary>
    private static ImmutableArray<DocumentEdit> Documents(Change change)
    {
        var before = Edits(change.Report?["inverse"]).ToDictionary(e => Text(e["id"]) ?? "", StringComparer.Ordinal);
        var after = change.Report is { } report ? Edits(report["edits"]) : change.Edits;
        return [.. after.Select(e => new DocumentEdit(Text(e["id"]) ?? "", Yaml(before.GetValueOrDefault(Text(e["id"]) ?? "")), Yaml(e)))];
    }

    /// <summary>Who planned it, and the model that took part: <c>judged 1, local-model (differed), prompt 91ac3670b9f0</c>.</summary>
    private static string Planner(JsonObject? provenance)
    {
        if (Text(provenance?["planner"]) is not { } planner) return "";
        var words = Text(provenance!["version"]) is { Length: > 0 } version ? $"{planner} {version}" : planner;
        if (provenance["model"] is not JsonObject model) return words;
        var verdict = Text(model["verdict"]) is { } said ? $" ({said})" : "";
        var prompt = Revision.TryParse(Text(model["prompt"]), out var hash) ? $", prompt {hash.Short}" : "";
        return $"{words}, {Text(model["model"])}{verdict}{prompt}";
    }

    private static string? Yaml(JsonObject? edit) => edit is null || Text(edit["op"]) != "upsert" || edit["policy"] is not JsonObject policy
        ? null
        : DocumentParser.Parse(policy.ToJsonString(), "change").Documents is [var document] ? document.ToYaml().TrimEnd() : policy.ToJsonString();

    private static IEnumerable<JsonObject> Edits(JsonNode? edits) => (edits as JsonArray ?? []).OfType<JsonObject>();

    private static RiskLevel? Risk(JsonObject? report) => Enum.TryParse<RiskLevel>(Text(report?["risk"]), ignoreCase: true, out var risk) ? risk : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
