using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models.Prompts;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning.Models.Answers;

/// <summary>What a proposal comes to: edits that hold, or what is wrong with them, in words for a repair.</summary>
internal sealed record ReadEdits(ImmutableArray<PolicyEdit> Edits, ImmutableArray<string> Problems)
{
    /// <summary>A placeholder of a secret stands in an edit: a person must say what is meant.</summary>
    public bool HasPlaceholder { get; init; }
}

/// <summary>Proposed edits to edits of documents: parsed strictly, of things that exist, within what the intent can be about, and compiling.</summary>
internal static class EditReader
{
    private const int MostProblems = 8;

    public static ReadEdits Read(ModelAnswer answer, PlanRequest request, IntentScope scope)
    {
        var problems = new List<string>();
        var edits = new SortedDictionary<string, PolicyEdit>(StringComparer.Ordinal);
        for (var i = 0; i < answer.Edits.Length; i++)
        {
            if (Redactor.IsIn(answer.Edits[i].Document)) return new ReadEdits([], []) { HasPlaceholder = true };
            var edit = Edit(answer.Edits[i], $"edits[{i}]", request, problems);
            if (edit is null) continue;
            if (!edits.TryAdd(edit.Id, edit)) problems.Add($"edits[{i}]: {edit.Id} is edited twice");
        }
        var after = request.Policies.Apply(edits.Values);
        foreach (var edit in edits.Values)
        {
            if (edit.Upserted is { } document) problems.AddRange(CatalogNames.Check(document, request.Catalog, after).Select(d => d.ToString()));
            problems.AddRange(Danger.Of(edit).Select(d => $"{edit.Id}: {d}; answer \"cannot\""));
            if (!scope.Covers(edit, request.Policies)) problems.Add($"{edit.Id}: the request does not speak of {string.Join(", ", Strangers(edit, request, scope))}; edit nothing that was not asked for");
        }
        var changing = edits.Values.Where(e => !Equals(e.Upserted, request.Policies.Documents.GetValueOrDefault(e.Id))).ToImmutableArray();
        if (problems.Count == 0 && request.Compile is { } compile && changing.Length > 0)
            problems.AddRange(compile(request.Policies.Apply(changing)).Where(d => d.Severity == Severity.Error && changing.Any(e => e.Id == d.Document || d.Related.Contains(e.Id))).Select(d => d.ToString()));
        return problems.Count > 0 ? new ReadEdits([], [.. problems.Take(MostProblems)]) : new ReadEdits(changing, []);
    }

    private static PolicyEdit? Edit(ProposedEdit proposed, string place, PlanRequest request, List<string> problems)
    {
        var id = $"{proposed.Kind}/{proposed.Name}";
        var standing = request.Policies.Documents.GetValueOrDefault(id);
        if (proposed.Removes)
        {
            if (standing is not null) return PolicyEdit.Remove(standing);
            var near = Nearest.Fix(proposed.Name, [.. Kinds.Find(proposed.Kind) is { } kind ? request.Policies.Of(kind).Select(d => d.Name) : []]);
            problems.Add($"{place}: there is no {id} to remove{(near is null ? "" : $" ({near})")}");
            return null;
        }
        var parsed = DocumentParser.Parse(proposed.Document, $"{place}.document");
        problems.AddRange(parsed.Diagnostics.Select(d => d.ToString()));
        if (parsed.Diagnostics.HasErrors()) return null;
        if (parsed.Documents is not [var document])
        {
            problems.Add($"{place}.document: holds {parsed.Documents.Length} documents, not one");
            return null;
        }
        if (document.Id == id && !document.Kind.IsCatalog)
        {
            // Labels and reasons are people's: a model neither writes nor loses them.
            var people = standing?.Metadata ?? new Metadata { Name = document.Name };
            return PolicyEdit.Upsert(document.With(people with { ExpiresAt = document.Metadata.ExpiresAt }));
        }
        problems.Add($"{place}.document: is {document.Id}, and the edit names {id}");
        return null;
    }

    private static IEnumerable<string> Strangers(PolicyEdit edit, PlanRequest request, IntentScope scope)
    {
        var strangers = new[] { request.Policies.Documents.GetValueOrDefault(edit.Id), edit.Upserted }.OfType<Document>()
            .SelectMany(d => IntentScope.Subjects(d, request.Policies)).Where(s => !scope.Entities.Contains(s)).Distinct().ToList();
        return strangers.Count > 0 ? strangers : [edit.Id];
    }
}
