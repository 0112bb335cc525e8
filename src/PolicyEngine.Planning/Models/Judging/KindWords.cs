using System.Collections.Frozen;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>Which words speak of which kind of policy. Where some do, a kind that none speaks of was not asked for; where none does, one kind is left to be guessed.</summary>
internal static class KindWords
{
    private static readonly FrozenDictionary<Kind, Concept[]> Concepts = new Dictionary<Kind, Concept[]>
    {
        [Kinds.TrafficSplit] = [Concept.Send, Concept.Canary, Concept.Back, Concept.Rest],
        [Kinds.Timeout] = [Concept.Timeout, Concept.Idle, Concept.Connect],
        [Kinds.Retry] = [Concept.Retry, Concept.PerTry, Concept.BackOff],
        [Kinds.RateLimit] = [Concept.Limit, Concept.Burst],
        [Kinds.Authorization] = [Concept.Deny, Concept.Allow],
        [Kinds.Mirror] = [Concept.Mirror, Concept.Shadow],
        [Kinds.FaultInjection] = [Concept.Delay, Concept.Abort],
        [Kinds.Headers] = [Concept.Header],
        [Kinds.Route] = [Concept.Redirect, Concept.Answer, Concept.Rewrite],
    }.ToFrozenDictionary();

    /// <summary>The kinds of edits that were not asked for.</summary>
    public static IEnumerable<Kind> Unasked(IReadOnlyCollection<Token> tokens, IEnumerable<PolicyEdit> edits)
    {
        var kinds = edits.Select(e => Kinds.Find(e.Id[..e.Id.IndexOf('/')])!).Distinct().ToList();
        var unasked = kinds.Where(k => !SpeakOf(tokens, k)).ToList();
        return Concepts.Keys.Any(k => SpeakOf(tokens, k)) || unasked.Count > 1 ? unasked : [];
    }

    /// <summary>Whether the edits are of the kind that the word speaks of; a word of no one kind is of any.</summary>
    public static bool AreOf(IEnumerable<PolicyEdit> edits, Concept concept) =>
        Concepts.Where(c => c.Value.Contains(concept)).Select(c => c.Key).ToList() is not { Count: > 0 } kinds || edits.Any(e => kinds.Exists(k => e.Id.StartsWith(k.Name + "/", StringComparison.Ordinal)));

    private static bool SpeakOf(IReadOnlyCollection<Token> tokens, Kind kind) =>
        Concepts.TryGetValue(kind, out var concepts) && tokens.Any(t => concepts.Contains(t.Concept))
        || kind == Kinds.Headers && tokens.Any(t => t.Kind == TokenKind.HeaderName)
        || kind == Kinds.TrafficSplit && tokens.Any(t => t.Kind == TokenKind.Version) && tokens.Any(t => t.Kind == TokenKind.Percent);
}
