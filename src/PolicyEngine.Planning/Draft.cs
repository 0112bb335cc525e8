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
    private readonly List<Question> _questions = [];
    private readonly List<string> _reasons = [];

    public ServiceCatalog Catalog => request.Catalog;

    public DateTimeOffset Now => request.Now;

    public PolicySet Policies { get; private set; } = request.Policies;

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
        Policies = Policies.Apply([PolicyEdit.Upsert(document)]);
        Last = document;
        if (document.Spec is TargetedSpec { Target: var target }) Target = target;
    }

    public void Remove(Document document)
    {
        Policies = Policies.Apply([PolicyEdit.Remove(document)]);
        Last = null;
        if (document.Spec is TargetedSpec { Target: var target }) Target = target;
    }

    /// <summary>Standing documents of a kind that are laid over a target.</summary>
    public List<Document> Standing(Kind kind, Target? target = null) =>
        [.. Policies.Of(kind).Where(d => target is null || d.Spec is TargetedSpec t && t.Target.Scope == target.Scope && t.Target.Name == target.Name)];

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
        if (Policies.Find(kind, stem) is null) return stem;
        for (var n = 2; ; n++)
            if (Policies.Find(kind, $"{stem}-{n}") is null) return $"{stem}-{n}";
    }

    private static bool SameMatches(Target a, Target b) => MatchText(a) == MatchText(b);

    private static string MatchText(Target target) => string.Join('\n', target.Matches.Select(m => JsonWriter.Write(m).ToJsonString()));

}
