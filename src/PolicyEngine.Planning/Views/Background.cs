using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>Sets aside what is talk around an order: whole sentences first, then parts of them, then how one begins and ends.</summary>
internal static class Background
{
    /// <summary>The view without the talk; the same where there is none.</summary>
    public static View SetAside(View view, IReadOnlyList<Token> tokens)
    {
        var gone = new List<(int Start, int End)>();
        var sentences = Segments.Sentences(tokens).ToList();
        for (var i = 0; i < sentences.Count; i++)
        {
            var sentence = sentences[i];
            // Behind "kind regards" stands who wrote it.
            if (i > 0 && Frames.IsFarewell(sentence) && Frames.IsSignature([.. sentences.Skip(i).SelectMany(s => s)]))
            {
                gone.Add((sentence[0].Position, sentences[^1][^1].End));
                break;
            }
            if (Frames.IsFrame(sentence) || Frames.IsReference(sentence) || Frames.IsTalk(sentence) || Remarks.Is(sentence) || Chatter.Is(view.Text, sentence)) gone.Add((sentence[0].Position, sentence[^1].End));
            else gone.AddRange(Within(view.Text, sentence));
        }
        if (gone.Count == 0 || IsAboutThem(tokens, gone) || tokens.Any(t => t.Kind == TokenKind.Rate) && gone.Exists(g => Remarks.Counts([.. tokens.Where(t => IsGone(t, [g]))]))) return view;
        if (IsAskedToo(tokens, gone)) return view;
        var aside = gone.Aggregate(view, (v, span) => v.Without(span.Start, Math.Min(span.End, v.Text.Length)));
        return Named(aside, tokens, gone) with { Topic = Topic(tokens, gone) };
    }

    /// <summary>"Imagine it were for cart as well", "believe me, I want orders gone": of a name that the order has not, something may be asked.</summary>
    private static bool IsAskedToo(IReadOnlyList<Token> tokens, List<(int Start, int End)> gone)
    {
        var named = tokens.Where(t => t.IsEntity && !IsGone(t, gone)).Select(t => t.Value).ToHashSet();
        return named.Count > 0 && gone.Exists(g => tokens.Where(t => IsGone(t, [g])).ToList() is var said && said.Exists(t => t.IsEntity && !t.IsGuess && !named.Contains(t.Value)) && said.Exists(t => t.Concept == Concept.Too || t.Value is "want" or "wants" or "need" or "needs" or "gone"));
    }

    /// <summary>"ml-b has passed the review. Move recs over to it": the version that only the talk names is what "it" is.</summary>
    private static View Named(View view, IReadOnlyList<Token> tokens, List<(int Start, int End)> gone)
    {
        var (talk, order) = (tokens.Where(t => IsGone(t, gone)).ToList(), tokens.Where(t => !IsGone(t, gone)).ToList());
        if (order.Exists(t => t.Kind == TokenKind.Version) || talk.Where(t => t.Kind == TokenKind.Version).DistinctBy(t => t.Value).ToList() is not [var version] || order.Where(t => t is { Concept: Concept.It, Value: "it" or "that one" or "this one" or "that version" or "this version" }).ToList() is not [var it]) return view;
        return order.Exists(t => t.Kind == TokenKind.Service) && order.IndexOf(it) is > 0 and var at && order[at - 1].Value is "to" or "onto" or "on" ? view with { Text = string.Concat(view.Text.AsSpan(0, it.Position), version.Text, view.Text.AsSpan(it.End)) } : view;
    }

    /// <summary>"This is for our German users. Send them to v2": whom the order is about, only the talk says.</summary>
    private static bool IsAboutThem(IReadOnlyList<Token> tokens, List<(int Start, int End)> gone) =>
        tokens.Any(t => Sets.They.Contains(t.Value) && !IsGone(t, gone)) && !tokens.Any(t => t.Kind == TokenKind.Rate) && tokens.Any(t => IsGone(t, gone) && Sets.Consumers.Contains(t.Value));

    private static bool IsGone(Token token, List<(int Start, int End)> gone) => gone.Exists(s => token.Position >= s.Start && token.Position < s.End);

    /// <summary>Headings, remarks between commas, who wants it, and why at the end.</summary>
    private static IEnumerable<(int Start, int End)> Within(string text, List<Token> sentence)
    {
        var parts = Segments.Parts(sentence);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            if (Remarks.Words(part).Count == 0) continue;
            var heading = part[^1].Text is ":" or "-" or "–" or "—" or "|" or ")" or "]" or ">" && i < parts.Count - 1 && Frames.IsHeading(part, i == 0);
            if (heading || parts.Count > 1 && (Remarks.Is(part) || Frames.IsAside(part, i == 0, i == parts.Count - 1) || (i == 0 || i == parts.Count - 1) && Chatter.Is(text, part)))
            {
                yield return (part[0].Position, part[^1].End);
                continue;
            }
            var start = Requesters.Length(part);
            if (start > 0) yield return (part[0].Position, part[start - 1].End);
            if (Tail(part, start) is var tail and > 0) yield return (part[tail].Position, part[^1].Kind == TokenKind.Punctuation && part[^1].Text is "," or ";" or ":" ? part[^1].Position : part[^1].End);
        }
    }

    /// <summary>Where the part begins to say why; 0 where it does not.</summary>
    private static int Tail(List<Token> part, int from)
    {
        for (var i = from + 1; i < part.Count - 1; i++)
            if (Remarks.IsTail(part.GetRange(i, part.Count - i))) return i;
        return 0;
    }

    /// <summary>The one service that the talk names, where the order names none.</summary>
    private static Token? Topic(IReadOnlyList<Token> tokens, List<(int Start, int End)> gone) =>
        tokens.Any(t => t.IsEntity && !IsGone(t, gone)) ? null : Topic([.. tokens.Where(t => IsGone(t, gone))]);

    /// <summary>The one service that is spoken of; "the payments dashboards" are something else.</summary>
    public static Token? Topic(List<Token> talk) =>
        talk.Where((t, i) => t is { Kind: TokenKind.Service, IsGuess: false } && !(i > 0 && talk[i - 1].Value is "the" or "our" && talk.ElementAtOrDefault(i + 1) is { } next && Remarks.IsUnknown(next) && next.Value.EndsWith('s') && talk.Skip(i + 2).Any(w => Sets.Copulas.Contains(w.Value)))).DistinctBy(t => t.Value).ToList() is [var one] ? one : null;
}
