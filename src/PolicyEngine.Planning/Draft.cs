using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.RateLimits;
using PolicyEngine.Policies.Routes;
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

    /// <summary>The one path of the intent is meant exactly, wherever that is said.</summary>
    public bool IsExact { get; set; }

    /// <summary>The document that was edited last: what "it" is.</summary>
    public Document? Last { get; set; }

    /// <summary>The document that the clause calls by its name.</summary>
    public Document? Focus { get; set; }

    /// <summary>When what is put now ends.</summary>
    public DateTimeOffset? Ends { get; set; }

    /// <summary>The end was said before anything else: it holds for every clause.</summary>
    public bool EndsAll { get; set; }

    /// <summary>It was said of which requests the intent does not speak.</summary>
    public bool Excepts { get; set; }

    /// <summary>What is said to stay as it is.</summary>
    public IReadOnlySet<Concept> Kept { get; set; } = new HashSet<Concept>();

    /// <summary>Every service that this intent named so far.</summary>
    public List<Token> Spoken { get; } = [];

    /// <summary>What the clause before named together, where that was more than one.</summary>
    public IReadOnlyList<Token> Several { get; set; } = [];

    /// <summary>Whose headers were spoken of last in this intent: true of responses, false of requests.</summary>
    public bool? Side { get; set; }

    /// <summary>By what the rate limits are counted, where that was said before all of them.</summary>
    public RateLimitKeySpec? Key { get; set; }

    /// <summary>Numbers that this intent gave so far, by what they are of.</summary>
    public Dictionary<string, decimal> Said { get; } = new(StringComparer.Ordinal);

    /// <summary>Why it is put, in the person's words.</summary>
    public string? Why { get; set; }

    public ServiceSpec? Service(string name) => Catalog.Services.GetValueOrDefault(name);

    public void Ask(string id, string text, IEnumerable<string>? choices = null)
    {
        if (_questions.TrueForAll(q => q.Id != id)) _questions.Add(new Question(id, text, [.. choices ?? []]));
    }

    public void Refuse(string reason)
    {
        if (!_reasons.Contains(reason)) _reasons.Add(reason);
    }

    /// <summary>With the end and the reason that the clause gave.</summary>
    public void Put(Document document)
    {
        if (Ends is not null || Why is not null) document = document.With(document.Metadata with { ExpiresAt = Ends ?? document.Metadata.ExpiresAt, Reason = Why ?? document.Metadata.Reason });
        _edits[document.Id] = PolicyEdit.Upsert(document);
        Last = document;
        if (document.Spec is TargetedSpec { Target: var target }) Target = target with { Matches = [] };
    }

    public void Remove(Document document)
    {
        if (document.Kind == Kinds.Timeout && Kept.Any(c => c is Concept.Timeout or Concept.Idle or Concept.Connect) || document.Kind == Kinds.Retry && Kept.Any(c => c is Concept.Retry or Concept.PerTry or Concept.BackOff) || document.Kind == Kinds.RateLimit && Kept.Contains(Concept.Limit)
            || document.Kind == Kinds.Mirror && Kept.Contains(Concept.Mirror) || document.Kind == Kinds.Headers && Kept.Contains(Concept.Header) || document.Kind == Kinds.TrafficSplit && Kept.Contains(Concept.Canary))
            Ask("standing", $"Is {document.Id} to go, or to stay?");
        if (Ends is not null) Ask("until", $"{document.Id} would come back later: that cannot be planned. Is it to go for good?");
        _edits[document.Id] = PolicyEdit.Remove(document);
        Last = null;
        if (document.Spec is TargetedSpec { Target: var target }) Target = target with { Matches = [] };
    }

    public Document? Find(Kind kind, string name) => Find($"{kind.Name}/{name}");

    public Document? Find(string id) => _edits.TryGetValue(id, out var edit) ? edit.Upserted : request.Policies.Documents.GetValueOrDefault(id);

    /// <summary>This intent has said something of it already.</summary>
    public bool IsEdited(string id) => _edits.ContainsKey(id);

    /// <summary>The documents of a kind as they would stand.</summary>
    public IEnumerable<Document> Of(Kind kind) => request.Policies.Of(kind).Where(d => !_edits.ContainsKey(d.Id))
        .Concat(_edits.Values.Select(e => e.Upserted).OfType<Document>().Where(d => d.Kind == kind))
        .OrderBy(d => d.Name, StringComparer.Ordinal);

    /// <summary>Documents with this name, of whatever kind.</summary>
    public IEnumerable<Document> Named(string name) => Kinds.All.Select(k => Find(k, name)).OfType<Document>();

    /// <summary>Standing documents of a kind that are laid over a target, whatever requests they speak of; what counts most first.</summary>
    public List<Document> Standing(Kind kind, Target target) =>
        [.. Of(kind).Where(d => d.Spec is TargetedSpec t && t.Target.Scope == target.Scope && t.Target.Name == target.Name).OrderByDescending(d => ((TargetedSpec)d.Spec).Priority)];

    /// <summary>
    /// The document that a change of this kind to this target changes: the one called by name, the one for the very same requests, or, for a
    /// service with a single route, the one of that route. Where several could be meant it asks, and <paramref name="asked"/> is true.
    /// </summary>
    public Document? Current(Kind kind, Target target, bool changes, out bool asked, Func<TargetedSpec, bool>? where = null)
    {
        asked = false;
        if (Focus is { } focus && focus.Kind == kind) return Find(focus.Id);
        var standing = Standing(kind, target).Where(d => where is null || where((TargetedSpec)d.Spec)).ToList();
        var same = standing.Where(d => SameMatches(((TargetedSpec)d.Spec).Target, target)).ToList();
        if (same.Count == 1 || same.Count > 1 && ((TargetedSpec)same[0].Spec).Priority > ((TargetedSpec)same[1].Spec).Priority) return same[0];
        var candidates = same.Count > 0 ? same : target.Matches.IsEmpty ? changes ? [.. standing, .. OnRoutes(kind, target, where)] : OnRoutes(kind, target, where) : [];
        if (candidates.Count == 1 && (changes || same.Count == 0 && target.Service is { } only && RoutesTo(only).Count == 1)) return candidates[0];
        if (candidates.Count == 0) return null;
        asked = true;
        Ask("standing", $"{string.Join(" and ", candidates.Select(d => d.Name))} {(candidates.Count == 1 ? "stands" : "stand")} on {(candidates.Count == 1 ? ((TargetedSpec)candidates[0].Spec).Target.ToString() : target.ToString())}. Which is to be changed?", candidates.Select(d => d.Name));
        return null;
    }

    private List<Document> OnRoutes(Kind kind, Target target, Func<TargetedSpec, bool>? where) =>
        target.Service is not { } service ? [] : [.. RoutesTo(service).SelectMany(r => Standing(kind, Target.OfRoute(r.Name))).Where(d => where is null || where((TargetedSpec)d.Spec))];

    private List<Document> RoutesTo(string service) => [.. Of(Kinds.Route).Where(d => d.Spec is RouteSpec { Backends: { IsEmpty: false } backends } && backends.All(b => b.Service == service))];

    /// <summary>
    /// Puts a spec in the place of a standing document, keeping its name and metadata; or under a new name. What ends by itself does not
    /// replace what has no end: it is laid over it, and then it is as before.
    /// </summary>
    public void PutOver(Document? standing, TargetedSpec spec, string suffix)
    {
        var kind = Kinds.Of(spec.GetType());
        if (standing is null) Put(Document.Of(NewName(kind, spec.Target, suffix), spec));
        else if (Ends is not null && standing.Metadata.ExpiresAt is null && Find(standing.Id) is not null && request.Policies.Documents.ContainsKey(standing.Id))
            Put(Document.Of(NewName(kind, spec.Target, suffix + "-for-now"), spec with { Priority = ((TargetedSpec)standing.Spec).Priority + 1 }));
        else Put(standing.With(spec));
    }

    /// <summary>Named after its target and kind, and after its content where that name is taken.</summary>
    public string NewName(Kind kind, Target target, string suffix)
    {
        var name = target.Name.ToLowerInvariant();
        var stem = target.Matches.IsEmpty ? $"{name}-{suffix}" : $"{name}-{suffix}-{Revision.Of(MatchText(target)).Short[..4]}";
        if (stem.Length > 60) stem = stem[..55] + "-" + Revision.Of(stem).Short[..4];
        if (Find(kind, stem) is null) return stem;
        for (var n = 2; ; n++)
            if (Find(kind, $"{stem}-{n}") is null) return $"{stem}-{n}";
    }

    private static bool SameMatches(Target a, Target b) => MatchText(a) == MatchText(b);

    public static string MatchText(Target target) => string.Join('\n', target.Matches.Select(m => JsonWriter.Write(m).ToJsonString()));
}
