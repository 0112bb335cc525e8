using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning;

/// <summary>A plan while it is being made: the policies with the edits so far, what is in doubt, and what "it" means.</summary>
internal sealed class Draft(PlanRequest request)
{
    private readonly Dictionary<string, PolicyEdit> _edits = new(StringComparer.Ordinal);
    private readonly List<Question> _questions = [];
    private readonly List<string> _reasons = [];

    public ServiceCatalog Catalog => request.Catalog;

    public DateTimeOffset Now => request.Now;

    /// <summary>What differs from what stands, in ordinal order of ids.</summary>
    public ImmutableArray<PolicyEdit> Edits =>
        [.. _edits.Values.Where(e => !Equals(e.Upserted, request.Policies.Documents.GetValueOrDefault(e.Id))).OrderBy(e => e.Id, StringComparer.Ordinal)];

    public IReadOnlyList<Question> Questions => _questions;

    public IReadOnlyList<string> Reasons => _reasons;

    /// <summary>What the last clause was about: carried over to the next one that names nothing itself.</summary>
    public Target? Target { get; set; }

    /// <summary>The document that was edited last: what "it" is.</summary>
    public Document? Last { get; set; }

    public ServiceSpec? Service(string name) => Catalog.Services.GetValueOrDefault(name);

    public void Ask(string id, string text, IEnumerable<string>? choices = null)
    {
        if (_questions.TrueForAll(q => q.Id != id)) _questions.Add(new Question(id, text, [.. choices ?? []]));
    }

    public void Refuse(string reason)
    {
        if (!_reasons.Contains(reason)) _reasons.Add(reason);
    }

    public void Put(Document document)
    {
        _edits[document.Id] = PolicyEdit.Upsert(document);
        Last = document;
        if (document.Spec is TargetedSpec { Target: var target }) Target = target;
    }

    public void Remove(Document document)
    {
        _edits[document.Id] = PolicyEdit.Remove(document);
        Last = null;
        if (document.Spec is TargetedSpec { Target: var target }) Target = target;
    }

    public Document? Find(Kind kind, string name) => Find($"{kind.Name}/{name}");

    public Document? Find(string id) => _edits.TryGetValue(id, out var edit) ? edit.Upserted : request.Policies.Documents.GetValueOrDefault(id);

    /// <summary>The documents of a kind as they would stand.</summary>
    public IEnumerable<Document> Of(Kind kind) => request.Policies.Of(kind).Where(d => !_edits.ContainsKey(d.Id))
        .Concat(_edits.Values.Select(e => e.Upserted).OfType<Document>().Where(d => d.Kind == kind))
        .OrderBy(d => d.Name, StringComparer.Ordinal);

    /// <summary>Documents with this name, of whatever kind.</summary>
    public IEnumerable<Document> Named(string name) => Kinds.All.Select(k => Find(k, name)).OfType<Document>();

    /// <summary>Standing documents of a kind that are laid over a target.</summary>
    public List<Document> Standing(Kind kind, Target? target = null) =>
        [.. Of(kind).Where(d => target is null || d.Spec is TargetedSpec t && t.Target.Scope == target.Scope && t.Target.Name == target.Name)];

    /// <summary>
    /// Puts a spec where one of its kind stands on the same target and the same matches, keeping that document's name and metadata; or under
    /// a new name.
    /// </summary>
    public void PutOrReplace<T>(T spec, string suffix, Func<T, T, T>? merge = null, Func<T, bool>? replaces = null, DateTimeOffset? until = null) where T : TargetedSpec
    {
        var kind = Kinds.Of(typeof(T));
        var same = Standing(kind, spec.Target).FirstOrDefault(d => d.Spec is T old && SameMatches(old.Target, spec.Target) && (replaces is null || replaces(old)));
        var document = same is null
            ? Document.Of(NewName(kind, spec.Target, suffix), spec)
            : same.With(merge is null ? spec : merge((T)same.Spec, spec));
        Put(until is null ? document : document.With(document.Metadata with { ExpiresAt = until }));
    }

    /// <summary>Named after its target and kind, and after its content where that name is taken.</summary>
    public string NewName(Kind kind, Target target, string suffix)
    {
        var stem = target.Matches.IsEmpty ? $"{target.Name}-{suffix}" : $"{target.Name}-{suffix}-{Revision.Of(MatchText(target)).Short[..4]}";
        if (stem.Length > 63) stem = stem[..58] + "-" + Revision.Of(stem).Short[..4];
        if (Find(kind, stem) is null) return stem;
        for (var n = 2; ; n++)
            if (Find(kind, $"{stem}-{n}") is null) return $"{stem}-{n}";
    }

    private static bool SameMatches(Target a, Target b) => MatchText(a) == MatchText(b);

    private static string MatchText(Target target) => string.Join('\n', target.Matches.Select(m => JsonWriter.Write(m).ToJsonString()));

}
