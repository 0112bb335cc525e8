using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// "…; everything else stays at two", "writes keep 3s", "keep 5m on uploads and …": a time that stands, and is to stand. It plans nothing; where no such time
/// stands, it is an order that was not understood, which <see cref="View.Stays"/> is for.
/// </summary>
internal static class Retained
{
    private static readonly HashSet<string> Verbs = ["keep", "keeps", "stay", "stays", "remain", "remains", "leave", "leaves", "kept", "staying", "keeping"];
    private static readonly HashSet<string> Whoever = ["writes", "reads", "outsiders", "inside", "outside", "everybody", "everyone", "all", "general"];

    /// <summary>The view without what says so; null where nothing does.</summary>
    public static View? SetAside(View view, IReadOnlyList<Token> tokens)
    {
        var (gone, all) = (new List<List<Token>>(), new List<List<Token>>());
        foreach (var part in Segments.Sentences(tokens).SelectMany(Parts))
        {
            all.Add(part);
            if (Says(part)) gone.Add(part);
        }
        if (gone.Count == 0 || gone.Count == all.Count) return null;
        var rest = all.Except(gone).SelectMany(p => p).ToList();
        var named = gone.SelectMany(g => g).Where(t => t is { Kind: TokenKind.Service, IsGuess: false }).DistinctBy(t => t.Value).ToList();
        var aside = gone.Aggregate(view, (v, g) => v.Without(g[0].Position, Math.Min(g[^1].Text is "." or "!" or "\n" or ";" ? g[^1].Position : g[^1].End, v.Text.Length)));
        return aside with
        {
            Stays = [.. view.Stays, .. gone.Select(g => Time(g)!.Value)],
            StaysOf = [.. view.StaysOf, .. named.Select(t => t.Value)],
            Topic = view.Topic ?? (rest.Exists(t => t.IsEntity) ? null : named is [var one] ? one : null),
        };
    }

    private static IEnumerable<List<Token>> Parts(List<Token> sentence)
    {
        var part = new List<Token>();
        foreach (var token in sentence)
        {
            if (part.Count > 0 && (token.Concept == Concept.Separator || token.Value is "but" or "yet" or "whereas"))
            {
                yield return part;
                part = [];
            }
            part.Add(token);
            if (token.Kind != TokenKind.Punctuation || token.Text is not ("," or ";" or "." or "!" or "–" or "—" or "\n")) continue;
            yield return part;
            part = [];
        }
        if (part.Count > 0) yield return part;
    }

    private static bool Says(List<Token> part) => part.Exists(t => Verbs.Contains(t.Value)) && Time(part) is not null && part.TrueForAll(t => !t.IsGuess && (t.IsGlue || Verbs.Contains(t.Value) || Whoever.Contains(t.Value) || t.Kind is TokenKind.Duration or TokenKind.Number or TokenKind.Service
        || t.Concept is Concept.Rest or Concept.Request or Concept.Method or Concept.Timeout or Concept.Second or Concept.Minute or Concept.Older or Concept.It or Concept.Same || Sets.Consumers.Contains(t.Value)))
        // Whom "it" is about, another part says, or it is the rest of them.
        && (part.Exists(t => t.Kind == TokenKind.Service || t.Concept is Concept.Rest or Concept.Method || Whoever.Contains(t.Value) || Sets.Consumers.Contains(t.Value) || t.Value is "the" or "its" or "their"));

    /// <summary>The one time in it: of a bare number the unit is whatever stands, and so it is less than nothing.</summary>
    private static TimeSpan? Time(List<Token> part)
    {
        var said = part.FindAll(t => t.Kind is TokenKind.Duration or TokenKind.Number || t.Concept is Concept.Second or Concept.Minute);
        return said is not [var only] ? null : only.Kind == TokenKind.Duration ? only.Duration : only.Kind == TokenKind.Number ? only.Number is > 0 and < 1000 ? TimeSpan.FromSeconds(-(double)only.Number) : null : only.Concept == Concept.Second ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1);
    }

    /// <summary>Whether each of these times is one that stands on what is planned, or on what was named.</summary>
    public static bool Stand(View view, IReadOnlyList<PolicyEdit> edits, PolicySet policies)
    {
        if (view.Stays.IsEmpty) return true;
        var services = edits.Select(e => e.Upserted?.Spec).OfType<TargetedSpec>().Select(s => s.Target.Name).Concat(view.StaysOf).ToHashSet(StringComparer.Ordinal);
        var standing = policies.Of(Kinds.Timeout).Select(d => d.Spec).OfType<TimeoutSpec>().Where(s => services.Contains(s.Target.Name)).SelectMany(s => new[] { s.Request, s.Idle, s.Connect }).OfType<TimeSpan>().ToList();
        return view.Stays.All(t => standing.Exists(s => s == t || t < TimeSpan.Zero && (s == -t || s == -t * 60 || s * 1000 == -t)));
    }
}
