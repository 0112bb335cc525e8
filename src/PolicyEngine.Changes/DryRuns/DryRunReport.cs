using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Xds;
using PolicyEngine.Xds.Diffing;

namespace PolicyEngine.Changes.DryRuns;

/// <summary>A named, explained reason to look twice, computed from what would change, never from what a planner says.</summary>
public sealed record RiskFactor(string Name, RiskLevel Level, string Explanation);

/// <summary>
/// What would happen. A function of base and candidate; the same two give the same bytes, and their hash is what an approval signs: it
/// names the change, its author, base and candidate, policies and snapshots.
/// </summary>
public sealed record DryRunReport
{
    public required string Change { get; init; }

    public required string Author { get; init; }

    public required Revision Base { get; init; }

    public required Revision Candidate { get; init; }

    public required ImmutableArray<JsonObject> Edits { get; init; }

    /// <summary>The edits that take it back.</summary>
    public required ImmutableArray<JsonObject> Inverse { get; init; }

    public required ImmutableArray<SnapshotDiff> Fleets { get; init; }

    public required ImmutableArray<RiskFactor> Risks { get; init; }

    /// <summary>What it needs before it may be promoted.</summary>
    public ApprovalNeed Need { get; init; } = ApprovalNeed.One;

    public required ImmutableArray<Diagnostic> Diagnostics { get; init; }

    public RiskLevel Risk => Risks.IsEmpty ? RiskLevel.Low : Risks.Max(r => r.Level);

    public bool HasErrors => Diagnostics.HasErrors();

    public static DryRunReport Of(string change, string author, Candidate from, Candidate to, ApprovalSpec? approval = null)
    {
        var edits = from.Policies.EditsTo(to.Policies);
        var diffs = to.Snapshots.Values.Select(s => SnapshotDiff.Between(from.Snapshots.GetValueOrDefault(s.Fleet) ?? Snapshot.Empty(s.Fleet), s)).Where(d => !d.IsEmpty).ToImmutableArray();
        // Of what is wrong, only what this change brings: a warning that stood before is no news.
        var known = from.Diagnostics.Select(d => d.ToString()).ToHashSet(StringComparer.Ordinal);
        var report = new DryRunReport
        {
            Change = change,
            Author = author,
            Base = from.Policies.Revision,
            Candidate = to.Policies.Revision,
            Edits = [.. edits.Select(EditJson.Write)],
            Inverse = [.. to.Policies.EditsTo(from.Policies).Select(EditJson.Write)],
            Fleets = diffs,
            Risks = [.. RiskFactors.Of(from, to, edits, diffs)],
            Diagnostics = [.. to.Diagnostics.Where(d => d.Severity == Severity.Error || !known.Contains(d.ToString()))],
        };
        return report with { Need = ApprovalRules.Needed(approval ?? ApprovalSpec.Default, report.Risk, [.. edits.SelectMany(e => new[] { e.Upserted, from.Policies.Documents.GetValueOrDefault(e.Id) }).OfType<Document>()]) };
    }

    public JsonObject ToJson() => new()
    {
        ["change"] = Change,
        ["author"] = Author,
        ["base"] = Base.ToString(),
        ["candidate"] = Candidate.ToString(),
        ["risk"] = Risk.ToString().ToLowerInvariant(),
        ["risks"] = new JsonArray([.. Risks.Select(r => JsonSerializer.SerializeToNode(r, JournalJson.Options))]),
        ["need"] = JsonSerializer.SerializeToNode(Need, JournalJson.Options),
        ["edits"] = new JsonArray([.. Edits.Select(e => e.DeepClone())]),
        ["inverse"] = new JsonArray([.. Inverse.Select(e => e.DeepClone())]),
        ["fleets"] = new JsonArray([.. Fleets.Select(Approvable)]),
        ["diagnostics"] = new JsonArray([.. Diagnostics.Select(d => JsonSerializer.SerializeToNode(d, JournalJson.Options))]),
    };

    public Revision Hash() => Revision.Of(ToJson().ToJsonString());

    /// <summary>By the revisions without endpoints: an instance that comes or goes between approval and promotion changes nothing that was approved.</summary>
    private static JsonObject Approvable(SnapshotDiff diff)
    {
        var json = Json(diff);
        (json["from"], json["to"]) = (diff.Configuration.From.ToString(), diff.Configuration.To.ToString());
        return json;
    }

    /// <summary>A diff as JSON, the same wherever one is shown.</summary>
    public static JsonObject Json(SnapshotDiff diff) => new()
    {
        ["fleet"] = diff.Fleet,
        ["from"] = diff.From.ToString(),
        ["to"] = diff.To.ToString(),
        ["changes"] = new JsonArray([.. diff.Changes.Select(c => (JsonNode)new JsonObject
        {
            ["type"] = c.Type.ShortName,
            ["typeUrl"] = c.Type.TypeUrl,
            ["name"] = c.Name,
            ["kind"] = c.Kind.ToString().ToLowerInvariant(),
            ["fields"] = new JsonArray([.. c.Fields.Select(f => (JsonNode)new JsonObject { ["path"] = f.Path, ["before"] = f.Before, ["after"] = f.After })]),
            ["origins"] = new JsonArray([.. c.Origins.Select(o => (JsonNode)o)]),
        })]),
    };
}
