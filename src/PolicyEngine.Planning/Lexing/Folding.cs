namespace PolicyEngine.Planning.Lexing;

/// <summary>Tokens that mean something together become one: times, expressions of the lexicon, quantities, "version 2".</summary>
internal static class Folding
{
    public static List<Token> Fold(List<Token> tokens, Names names, DateTimeOffset now) =>
        Contexts.Read(Contrasts.Read(Ratios.Read(Factors.Read(SharedUnits.Read(Parts.Completed(Quantified(Parts.Dealt(Contexts.Counted(Versioned(Overriding(Expressed(Particles.Joined(Methods(HeaderValues.Quoted(Timed(Answered(Contexts.Single(tokens)), now)))))), names))))))))));

    /// <summary>"No, 10%", "wait, 10%": the no of an answer counts nothing; and the point of "i.e." ends no sentence.</summary>
    private static List<Token> Answered(List<Token> tokens)
    {
        var answered = tokens.Where((t, i) => t.Text != "." || i == 0 || tokens[i - 1].Value is not ("i.e" or "e.g" or "approx")).ToList();
        for (var i = 0; i + 1 < answered.Count && i < 4 && answered[i].Value is "no" or "wait" or "hold" or "on" or "stop" or "," or "hmm" or "oh"; i++)
            if (answered[i + 1] is { Text: "," } && answered[i].Value is "no" or "wait" or "on" && (answered[i].Value is not "on" || i > 0 && answered[i - 1].Value == "hold"))
                for (var j = 0; j <= i; j++)
                    if (answered[j].Kind is TokenKind.Number or TokenKind.Word) answered[j] = answered[j] with { Kind = TokenKind.Word, Concept = Concept.Filler, Value = answered[j].Value == "no" ? "no," : answered[j].Value };
        return answered;
    }

    /// <summary>"override the timeout with 2s" sets it; anything else that is overridden is none of ours.</summary>
    private static List<Token> Overriding(List<Token> tokens) =>
    [
        .. tokens.Select((t, i) => t.Is("override") && tokens.Skip(i + 1).FirstOrDefault(n => n.Concept != Concept.Filler && !n.IsEntity) is { Concept: Concept.Timeout or Concept.Retry or Concept.Header or Concept.PerTry or Concept.Burst } or { Kind: TokenKind.HeaderName }
            ? t with { Concept = Concept.Set } : t),
    ];

    private static List<Token> Timed(List<Token> tokens, DateTimeOffset now)
    {
        var folded = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            folded.Add(tokens[i]);
            if (!Times.Opens(tokens, i, out var opening)) continue;
            for (var j = 1; j < opening; j++) folded.Add(tokens[i + j]);
            i += opening - 1;
            if (Times.Read(tokens, i + 1, now) is not var (time, length)) continue;
            var (first, last) = (tokens[i + 1], tokens[i + length]);
            folded.Add(new Token(TokenKind.Time, string.Join(' ', tokens.Skip(i + 1).Take(length).Select(t => t.Text)), first.Position) { Time = time, End = last.End });
            i += length;
        }
        return folded;
    }

    /// <summary>"delete requests" and "post calls" are methods, in small letters as well; what begins with "put requests" may be something to do.</summary>
    private static List<Token> Methods(List<Token> tokens)
    {
        tokens = [.. tokens.SelectMany((t, i) => Writes(tokens, i))];
        return [.. tokens.Select((t, i) => t.Kind == TokenKind.Word && t.Value is "get" or "post" or "put" or "delete" or "patch" or "head" or "options" && tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Request } && (i > 0 || t.Value is "get" or "post") || IsAllowed(tokens, i)
            ? t with { Concept = Concept.Method, Text = t.Text.ToUpperInvariant(), End = t.End } : t)];
    }

    /// <summary>"forbid writes": the methods that write.</summary>
    private static IEnumerable<Token> Writes(List<Token> tokens, int at) =>
        tokens[at] is { Kind: TokenKind.Word, Value: "writes" or "write" } && (tokens[at].Value == "writes" || tokens.ElementAtOrDefault(at + 1) is { Concept: Concept.Request }) && tokens.Take(at).LastOrDefault(t => t.Concept != Concept.Filler && t.Value is not ("all" or "any")) is { Concept: Concept.Deny } && tokens.ElementAtOrDefault(at + 1) is null or { Concept: Concept.Preposition or Concept.Request or Concept.Separator } or { Kind: TokenKind.Punctuation }
            ? new[] { "POST", "PUT", "PATCH", "DELETE" }.Select(m => new Token(TokenKind.Word, m, tokens[at].Position) { Concept = Concept.Method, End = tokens[at].End }) : [tokens[at]];

    /// <summary>"10.0.0.0/8 may delete orders": what clients do, and nothing to be done.</summary>
    private static bool IsAllowed(List<Token> tokens, int at) => tokens[at] is { Kind: TokenKind.Word, Value: "post" or "put" or "delete" or "patch" } && at > 1 && tokens.Exists(t => t.Kind == TokenKind.Cidr) && tokens.ElementAtOrDefault(at + 1) is { Kind: TokenKind.Service or TokenKind.Path } or { Value: "the" or "to" or "on" or "from" or "in" }
        && (tokens[at - 1].Value is "may" or "can" or "could" or "must" or "should" or "shall" or "cannot" or "can't" or "not" or "mustn't" or "shouldn't" || tokens[at - 1].Value == "to" && tokens[at - 2].Value is "able" or "allowed" or "permitted" or "free" or "entitled" or "needs" or "has" or "wants" or "need" or "have");

    /// <summary>The longest expression of the lexicon that begins at each word.</summary>
    private static List<Token> Expressed(List<Token> tokens)
    {
        var folded = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var length = i + 1 < tokens.Count && tokens[i].Kind is TokenKind.Word or TokenKind.Number && tokens[i].Concept != Concept.Method ? Math.Min(Lexicon.LongestFrom(tokens[i].Value, tokens[i + 1].Value), tokens.Count - i) : 0;
            for (; length >= 2; length--)
            {
                var words = tokens.GetRange(i, length);
                if (words.Exists(t => t.Kind is not (TokenKind.Word or TokenKind.Number) || t.Concept == Concept.Method || t.Value.EndsWith('…') || t.Value.Contains(' '))) continue;
                var text = string.Join(' ', words.Select(t => t.Value));
                if (Lexicon.Of(text) is not (var concept and not Concept.None)) continue;
                // "for every twentieth login" is a share.
                if (text is "for every" or "for each" && tokens.ElementAtOrDefault(i + length) is { } part && (NumberWords.TryPart(part.Value, out _) || part.Value.Length > 2 && char.IsAsciiDigit(part.Value[0]) && part.Value.EndsWith("th", StringComparison.Ordinal))) continue;
                // "by half a second" is an amount.
                if (concept == Concept.Halve && tokens.ElementAtOrDefault(i + length)?.Value is "a" or "an" or "of") continue;
                // "system test: …" is a title; a test that is to be run is none of ours.
                if (text.EndsWith(" test", StringComparison.Ordinal) && concept == Concept.Filler && text.StartsWith('s') && tokens.ElementAtOrDefault(i + length)?.Text != ":") continue;
                folded.Add(new Token(TokenKind.Word, string.Join(' ', words.Select(t => t.Text)), tokens[i].Position) { Value = text, Concept = concept, End = words[^1].End });
                break;
            }
            if (length < 2) folded.Add(tokens[i]);
            else i += length - 1;
        }
        return folded;
    }

    private static readonly List<string> Ordinals = ["zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];

    /// <summary>"version 2", "v 2", "the second version".</summary>
    private static List<Token> Versioned(List<Token> tokens, Names names)
    {
        var folded = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var next = tokens.ElementAtOrDefault(i + 1);
            if (tokens[i].Kind == TokenKind.Word && next is { Concept: Concept.VersionNoun, Value: "version" } && Ordinals.IndexOf(tokens[i].Value) is var nth and > 0)
            {
                folded.Add(new Token(TokenKind.Version, $"{tokens[i].Text} {next.Text}", tokens[i].Position) { Value = names.Version($"{nth}") ?? $"v{nth}", End = next.End });
                i++;
                continue;
            }
            if ((tokens[i].Concept == Concept.VersionNoun || tokens[i].Is("v")) && next?.Kind == TokenKind.Number && tokens.ElementAtOrDefault(i + 2)?.Value is not ("%" or "percent"))
            {
                var number = char.IsAsciiDigit(next.Text[0]) ? next.Text : $"{next.Number}";
                folded.Add(new Token(TokenKind.Version, $"{tokens[i].Text} {next.Text}", tokens[i].Position) { Value = names.Version(number) ?? $"v{number}", End = next.End });
                i++;
            }
            else folded.Add(tokens[i]);
        }
        return folded;
    }

    private static List<Token> Quantified(List<Token> tokens)
    {
        var folded = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (Quantities.At(tokens, i) is not var (token, length)) folded.Add(tokens[i]);
            else
            {
                folded.Add(token);
                i += length - 1;
            }
        }
        return folded;
    }
}
