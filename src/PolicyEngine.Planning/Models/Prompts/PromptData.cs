using System.Text.Json.Nodes;
using PolicyEngine.Planning.Paraphrasing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Models.Prompts;

/// <summary>
/// The request as data: names, the standing policies that matter, earlier turns, and last what was said. Descriptions, labels and reasons, which anybody
/// may have written, stay out; secrets too; what is over the limit is left out and counted.
/// </summary>
internal static class PromptData
{
    private const int MostNames = 200;
    private const int MostTurns = 3;
    private const int LongestDocument = 4_000;

    /// <summary>One line of JSON, at most <paramref name="limit"/> characters; null where even the intent alone is longer.</summary>
    public static string? Write(PlanRequest request, IntentScope scope, Redactor redactor, int limit)
    {
        var json = new JsonObject
        {
            ["services"] = Services(request.Catalog, scope),
            ["gateways"] = new JsonObject(request.Catalog.Gateways.Take(MostNames).Select(g => KeyValuePair.Create(g.Key, (JsonNode?)List(g.Value.Listeners.SelectMany(l => l.Hostnames).Distinct().Take(MostNames))))),
            ["fleets"] = List(request.Catalog.Fleets.Keys.Take(MostNames)),
        };
        var aliases = scope.Tokens.Where(t => t.Kind == Lexing.TokenKind.Service && !t.IsGuess && !string.Equals(t.Text, t.Value, StringComparison.OrdinalIgnoreCase)).DistinctBy(t => t.Text).ToList();
        if (aliases.Count > 0) json["aliases"] = new JsonObject(aliases.Select(t => KeyValuePair.Create(t.Text, (JsonNode?)t.Value)));
        var standing = new JsonArray();
        json["standing"] = standing;
        var turns = Turns(request, redactor);
        if (turns.Count > 0) json["earlier"] = turns;
        if (request.Now != default) json["now"] = request.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        json["said"] = redactor.Redact(scope.Text);

        var left = limit - json.ToJsonString(PromptJson.Options).Length;
        if (left < 0) return null;
        var omitted = 0;
        foreach (var document in scope.Standing(request.Policies))
        {
            JsonNode text = redactor.Redact(Bare(document).ToYaml());
            var length = text.ToJsonString(PromptJson.Options).Length + 1;
            if (length > Math.Min(left - 30, LongestDocument)) omitted++;
            else
            {
                left -= length;
                standing.Add(text);
            }
        }
        if (omitted > 0) json["standingLeftOut"] = omitted;
        return json.ToJsonString(PromptJson.Options);
    }

    /// <summary>A document without what is only for people.</summary>
    public static Document Bare(Document document) => document.With(new Metadata { Name = document.Name, ExpiresAt = document.Metadata.ExpiresAt });

    /// <summary>Names and versions, those that were spoken of first.</summary>
    private static JsonObject Services(ServiceCatalog catalog, IntentScope scope)
    {
        var names = catalog.Services.Keys.OrderBy(n => scope.Entities.Contains($"service/{n}") ? 0 : 1).ThenBy(n => n, StringComparer.Ordinal).ToList();
        return new JsonObject(names.Take(MostNames).Select(n => KeyValuePair.Create(n, (JsonNode?)List(Versions(catalog, n)))));
    }

    /// <summary>The default version first: it is the one that a canary is measured against.</summary>
    private static IEnumerable<string> Versions(ServiceCatalog catalog, string service) =>
        catalog.Services[service].Versions.Select(v => v.Name).OrderBy(v => v == catalog.Services[service].DefaultVersion ? 0 : 1).Take(MostNames);

    private static JsonArray Turns(PlanRequest request, Redactor redactor) =>
    [
        .. request.Earlier.TakeLast(MostTurns).Select(t => new JsonObject
        {
            ["said"] = redactor.Redact(t.Intent),
            [t.Plan.Status == PlanStatus.Planned ? "done" : "answered"] = redactor.Redact(t.Plan.Status switch
            {
                PlanStatus.Planned => Paraphrase.Of(t.Plan.Edits, t.Before),
                PlanStatus.NeedsClarification => string.Join(" ", t.Plan.Questions.Select(q => q.Text)),
                _ => "refused",
            }),
        }),
    ];

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];
}
