using System.Collections.Frozen;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>Which words speak of which kind of policy: a kind that no word of the intent speaks of was not asked for.</summary>
internal static class KindWords
{
    private static readonly FrozenDictionary<Kind, Concept[]> Concepts = new Dictionary<Kind, Concept[]>
    {
        [Kinds.TrafficSplit] = [Concept.Send, Concept.Canary, Concept.Back, Concept.Rest],
        [Kinds.Timeout] = [Concept.Timeout, Concept.Idle, Concept.Connect],
        [Kinds.Retry] = [Concept.Retry, Concept.PerTry],
        [Kinds.RateLimit] = [Concept.Limit, Concept.Burst],
        [Kinds.Authorization] = [Concept.Deny, Concept.Allow],
        [Kinds.Mirror] = [Concept.Mirror, Concept.Shadow],
        [Kinds.FaultInjection] = [Concept.Delay, Concept.Abort],
        [Kinds.Headers] = [Concept.Header],
        [Kinds.Route] = [Concept.Redirect, Concept.Answer, Concept.Rewrite, Concept.Route],
    }.ToFrozenDictionary();

    public static bool SpeakOf(IEnumerable<Token> tokens, Kind kind)
    {
        var all = tokens.ToList();
        return all.Exists(t => Concepts.GetValueOrDefault(kind, []).Contains(t.Concept))
            || kind == Kinds.Headers && all.Exists(t => t.Kind == TokenKind.HeaderName)
            || kind == Kinds.TrafficSplit && all.Exists(t => t.Kind == TokenKind.Version) && all.Exists(t => t.Kind == TokenKind.Percent);
    }
}
