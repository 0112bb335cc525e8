using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// Sets aside what only tells: "some joker fired 400 downloads at it", "2s isn't enough any more", "ledger's tries are cut off too soon". Freer than
/// <see cref="Background"/>, as it needs no known form of a remark: what tells has a verb that says how things are, were or will be, and nothing that
/// is asked for, narrowed or excepted. What it says of a feature must be of what is then planned, which <see cref="View.Features"/> is for.
/// </summary>
internal static partial class Narration
{
    private static readonly HashSet<string> Determiners = ["the", "a", "an", "our", "this", "their", "its", "his", "her", "my", "your", "some", "any", "another"];

    /// <summary>Null where nothing only tells, or nothing but that is there.</summary>
    public static View? SetAside(View view, IReadOnlyList<Token> tokens)
    {
        var (gone, kept) = (new List<List<Token>>(), new List<Token>());
        foreach (var sentence in Segments.Sentences(tokens))
        {
            var parts = Segments.Parts(sentence);
            // "…, so …": what comes of the story is told apart from it.
            var follows = parts.Skip(1).Any(p => p[0].Value is "so" or "hence" or "therefore" or "thus" or "please");
            if (!follows && (Tells(sentence) && !(kept.Count > 0 && Restricts(sentence)) || kept.Count == 0 && Leads(sentence, tokens)))
            {
                gone.Add(sentence);
                continue;
            }
            for (var i = 0; i < parts.Count; i++)
                if (parts.Count > 1 && (Tells(parts[i]) && !(kept.Count > 0 && Restricts(parts[i])) || i < parts.Count - 1 && kept.Count == 0 && (parts[i][^1].Text is ":" or "->" or "→" || parts[i + 1][0].Value is "so" or "hence" or "therefore" or "thus" or "so please") && Leads(parts[i], tokens))) gone.Add(parts[i]);
                else kept.AddRange(parts[i]);
        }
        if (gone.Count == 0 || Remarks.Words(kept).Count == 0) return null;
        var told = gone.SelectMany(g => g).ToList();
        if (tokens.Any(t => t.Kind == TokenKind.Rate) && gone.Exists(Remarks.Counts)) return null;
        if (kept.Exists(t => Sets.They.Contains(t.Value)) && told.Exists(t => Sets.Consumers.Contains(t.Value) && t.Concept != Concept.Request)) return null;
        var named = kept.Where(t => t.IsEntity).Select(t => t.Value).ToHashSet();
        // What is said of another service's features may be meant for it.
        if (named.Count > 0 && gone.Exists(g => g.Exists(t => t.IsEntity && !named.Contains(t.Value)) && g.Exists(t => Remarks.Features.Contains(t.Concept)))) return null;
        // "as we discussed, orders should have it too": asked for as well.
        if (named.Count > 0 && gone.Exists(g => g.Exists(t => t.IsEntity && !t.IsGuess && !named.Contains(t.Value)) && g.Exists(t => t.Concept == Concept.Too || Sets.Modals.Contains(t.Value) || t.Value is "want" or "wants" or "need" or "needs"))) return null;
        var aside = gone.Aggregate(view, (v, g) => v.Without(g[0].Position, Math.Min(g[^1].End, v.Text.Length)));
        // "v8 has passed staging. Let it take 1%": which "it" is, the story says.
        var versions = told.Where(t => t.Kind == TokenKind.Version).DistinctBy(t => t.Value).ToList();
        if (versions.Count > 0 && kept.Where(t => It().IsMatch(t.Text) || t is { Concept: Concept.VersionNoun, Value: "version" or "build" }).ToList() is { Count: > 0 } its)
        {
            if (versions is not [var version] || its is not [var it]) return null;
            aside = aside with { Text = string.Concat(aside.Text.AsSpan(0, it.Position), it.Concept == Concept.VersionNoun ? version.Text : It().Replace(it.Text, version.Text), aside.Text.AsSpan(it.End)) };
        }
        // "Responses must never be cached. Set cache-control: no-store on them."
        if (told.Exists(t => t.Concept == Concept.Response) && kept.Exists(t => t.Kind == TokenKind.HeaderName) && !kept.Exists(t => t.Concept == Concept.Response))
        {
            if (kept.FindAll(t => t.Value is "them" or "those" or "these" or "they") is not [var them]) return null;
            aside = aside with { Text = string.Concat(aside.Text.AsSpan(0, them.Position), "responses", aside.Text.AsSpan(them.End)) };
        }
        return aside with
        {
            IsStory = true,
            Topic = named.Count == 0 ? Background.Topic(told) : null,
            Features = [.. told.Where(t => !t.IsGuess && Remarks.Features.Contains(t.Concept) && !IsFigure(t)).Select(t => t.Concept)],
        };
    }

    /// <summary>Tells of something that these tokens say.</summary>
    public static bool TellsOf(IReadOnlyList<Token> segment, TokenKind[] things) =>
        Remarks.Words(segment.Where(t => !things.Contains(t.Kind) && t.Kind != TokenKind.Quoted && t.Concept != Concept.Method)) is { Count: > 0 } words && !words.Exists(Narrows) && !IsAll(words) && words[0].Concept != Concept.If && !Orders(Remarks.Words(segment), things)
        // "measure who would be refused if 10.0.0.0/8 were blocked": whatever that is, it is no story of 10.0.0.0/8.
        && !words.Exists(t => t.Concept is Concept.Deny or Concept.Allow or Concept.Limit or Concept.Mirror or Concept.Redirect or Concept.Shadow && !IsFigure(t)) && !(segment.Any(t => t.Kind == TokenKind.Cidr) && words.Exists(t => t.Concept == Concept.If));

    /// <summary>Behind an order: "during market hours leave it as it is", "customers of gold stay as they are".</summary>
    private static bool Restricts(List<Token> segment) => Remarks.Words(segment) is var words && (words[0].Concept is Concept.Preposition or Concept.Not || words.Exists(t => Sets.Consumers.Contains(t.Value)) && words.Exists(t => t.Kind is TokenKind.Number or TokenKind.Rate or TokenKind.Duration or TokenKind.Percent or TokenKind.Version || t.Concept is Concept.More or Concept.Less) || words.Exists(t => t.Concept is Concept.Hour or Concept.Day or Concept.Week || t.Value is "leave" or "leaves" or "weekend" or "weekends" or "night" or "nights"));

    /// <summary>What comes before any order needs no verb to be a story: it is enough that nothing in it narrows, has a value of its own, or could be done.</summary>
    private static bool Leads(IReadOnlyList<Token> segment, IReadOnlyList<Token> all)
    {
        var words = Remarks.Words(segment);
        if (words is [var only] && Frames.IsTicket(only)) return true;
        if (Assigns(segment)) return false;
        // "search: 5 zorblax rps": of what has a name and a colon, something is said that is not understood.
        if (segment.Zip(segment.Skip(1)).Any(p => p.First.IsEntity && p.Second.Text == ":" && !ReferenceEquals(p.Second, segment[^1]))) return false;
        return words.Count > 1 && segment.All(t => t.Text != "?") && !words.Exists(Narrows) && !IsAll(words) && (words.Exists(Remarks.IsUnknown) || words.Count > 2) && words[0].Concept != Concept.Preposition && !(words[0].Concept == Concept.If && segment[^1].Text is ":" or ",") && !Orders(words)
            && !(words.Count < 5 && words.Exists(t => Sets.Consumers.Contains(t.Value)))
            && words.TrueForAll(t => !IsValue(t) || all.Any(o => !segment.Contains(o) && o.Kind == t.Kind && (o.Number, o.Unit, o.Duration, o.Share) == (t.Number, t.Unit, t.Duration, t.Share)));
    }

    /// <summary>"Other methods: 5s", "requested with preview=true", "once the auditors have signed": what something is to be, of which requests, or when.</summary>
    private static bool Assigns(IReadOnlyList<Token> segment) => segment.Any(t => t.Text == "=") || Remarks.Words(segment) is { Count: > 0 } words && (words[0] is { Value: "once" } && words.ElementAtOrDefault(1)?.Value is not ("again" or "more")
        || words.Count > 1 && IsAmount(words[^1]) && segment.TakeWhile(t => t.Position < words[^1].Position).LastOrDefault() is { Text: ":" });

    private static bool IsAmount(Token token) => token.Kind is TokenKind.Duration or TokenKind.Rate or TokenKind.Percent or TokenKind.Number;

    private static bool IsValue(Token token) => token.Kind is TokenKind.Rate or TokenKind.Percent or TokenKind.Points || token.Kind == TokenKind.Duration && !token.Text.StartsWith("a ", StringComparison.Ordinal) || token.Kind == TokenKind.Number && token.Text.All(char.IsAsciiDigit) && token.Number > 20;

    private static bool Tells(IReadOnlyList<Token> segment)
    {
        var words = Remarks.Words(segment);
        if (words.Count < 3 || segment.Any(t => t.Text == "?") || words.Exists(Narrows) || IsAll(words) || Assigns(segment)) return false;
        var unknown = words.Count(Remarks.IsUnknown);
        var first = words[0];
        // "for the next 6 hours:" says how long.
        if (first.Concept == Concept.Preposition && segment[^1].Text is not ("." or "!" or "\n")) return false;
        if (unknown == 0 && !words.Exists(t => t.Concept is Concept.Failing or Concept.Vague or Concept.Not or Concept.Too) || first.Concept == Concept.If && segment[^1].Text is not ("." or "!" or "\n") || Orders(words)) return false;
        var past = words.Exists(t => Sets.Past.Contains(t.Value)) || words.Skip(1).Any(t => t.Kind == TokenKind.Word && t.Value.EndsWith("ed", StringComparison.Ordinal) && (Remarks.IsUnknown(t) || Remarks.IsReport(words, t)));
        if (!past && !States(words)) return false;
        // Amounts may be told as well, where a word of the story is beside them.
        return words.TrueForAll(t => t.Kind switch
        {
            TokenKind.Rate => past,
            // "503" may be what is to be retried.
            TokenKind.Number when t.Number is >= 100 and < 600 => past && words.Exists(w => Remarks.IsUnknown(w) && !w.IsGuess) && !words.Exists(w => w.Concept is Concept.Answer or Concept.Failing),
            TokenKind.Duration or TokenKind.Number or TokenKind.Percent or TokenKind.Points => t.Kind != TokenKind.Percent || !words.Exists(v => v.Kind == TokenKind.Version),
            _ => true,
        });
    }

    /// <summary>"the step hangs", "it breaks their page", "hackers exploit it", "are cut off": a verb that says how things are.</summary>
    private static bool States(List<Token> words) => words.Exists(t => Sets.Copulas.Contains(t.Value.Split(' ')[0]) || Sets.Desires.Contains(t.Value.Split(' ')[0]) || IsDone(words, t)) || words.Skip(1).Any(t => Remarks.IsUnknown(t) && EndsInS(t))
        || Sets.Subjects.Contains(words[0].Value) && EndsInS(words[1]) || EndsInS(words[0]) && Remarks.IsUnknown(words[1]);

    private static bool EndsInS(Token token) => token.Kind == TokenKind.Word && token.Value.EndsWith('s') && !token.Value.EndsWith("ss", StringComparison.Ordinal);

    /// <summary>"bomb", "poison", "kill": in a story they are a manner of speaking.</summary>
    private static bool IsFigure(Token token) => Sets.Weak.Contains(token.Value) || Sets.Violent.Contains(token.Value) || token.Value.StartsWith("chaos", StringComparison.Ordinal) || token.Value is "bomb" or "poison" or "break" or "breaks" or "fire" or "fired" or "explode" or "murder" or "kill" or "kills" or "fail" or "fails" or "failing";

    /// <summary>Values that no story needs, and words that except, narrow or limit in time.</summary>
    private static bool Narrows(Token token) => token.Kind is not (TokenKind.Word or TokenKind.Service or TokenKind.Version or TokenKind.Gateway or TokenKind.Fleet or TokenKind.Duration or TokenKind.Number or TokenKind.Rate or TokenKind.Percent or TokenKind.Points) && !IsTitle(token)
        || Sets.Suspicious.Contains(token.Value) && !Sets.Delicate.Contains(token.Value)
        || token.Concept == Concept.Without && token.Value != "missing" || token.Concept == Concept.Until && token.Value != "till"
        || token.Concept is Concept.Except or Concept.Only or Concept.Rest or Concept.InsteadOf or Concept.Instead or Concept.Temporary or Concept.Method or Concept.Same or Concept.Even or Concept.Undo or Concept.Swap or Concept.Shadow
        || token.Concept == Concept.Fully && token.Value is not "all"
        || token.Concept == Concept.Everyone && token.Value is not ("everybody" or "everyone" or "anyone" or "anybody" or "the public" or "world" or "internet")
        || token.Value is "exact" or "exactly" or "but" or "provided" or "assuming" or "lest" || token.Concept == Concept.Or || token.Value is "affects" or "restricted" or "limited" or "counts" or "valid" || Sets.Exemptions.Contains(token.Value);

    /// <summary>'Nuke the Moon': what is called so is no order, and nothing that is meant for whoever carries it out.</summary>
    private static bool IsTitle(Token token) => token.Kind == TokenKind.Quoted && token.Value.Split([' ', '-', '.', ','], StringSplitOptions.RemoveEmptyEntries) is var words && !words.Any(w => Sets.Suspicious.Contains(w.ToLowerInvariant()));

    /// <summary>"all over the place", "all night" is not all of them.</summary>
    private static bool IsAll(List<Token> words) => words.Exists(t => t is { Concept: Concept.Fully, Value: "all" } && words.Find(n => n.Position > t.Position) is not { Value: "over" or "night" or "day" or "morning" or "week" or "along" or "around" or "look" or "fine" or "good" });

    /// <summary>"zorble the checkout": what may be a verb that nobody knows.</summary>
    private static bool MayOrder(List<Token> words) => words.Count > 1 && Remarks.IsUnknown(words[0]) && !words[0].Value.EndsWith("ing", StringComparison.Ordinal) && words[1] is { Value: "the" or "a" or "an" or "all" or "any" or "every" or "our" or "its" or "their" or "on" or "to" } or { Kind: TokenKind.Service or TokenKind.Version or TokenKind.Gateway or TokenKind.Fleet };

    /// <summary>It begins with something to do, or asks for something that could be done here.</summary>
    private static bool Orders(List<Token> words, params ReadOnlySpan<TokenKind> things)
    {
        if (MayOrder(words)) return true;
        // "next month", "one day": not now.
        if (words.Exists(t => t.Concept == Concept.Next) && words.Exists(t => t.Value is "week" or "month" or "quarter" or "year" or "sprint")) return false;
        var verb = words.Find(t => t.Concept != Concept.Filler || Sets.Subjects.Contains(t.Value));
        // "attackers use it": those who do, and nobody who is told to.
        if (verb is not null && words.TakeWhile(t => !ReferenceEquals(t, verb)).Any(t => EndsInS(t) && t.Value.Length > 4)) verb = null;
        if (verb is not null && Remarks.Acts.Contains(verb.Concept) && !Remarks.IsReport(words, verb) && !IsSubject(words, verb) && !verb.Value.EndsWith("ing", StringComparison.Ordinal) && !EndsInS(verb)) return true;
        var asks = words.Exists(t => Sets.Modals.Contains(t.Value) || Sets.Desires.Contains(t.Value));
        var acts = words.Where(t => t.Kind == TokenKind.Word && (Remarks.Acts.Contains(t.Concept) || Remarks.Features.Contains(t.Concept)) && !Remarks.IsReport(words, t) && !IsFigure(t) && !IsOnUs(words, t) && !IsSubject(words, t) && !IsDone(words, t) && !IsGeneral(words, t) && !IsDenied(words, t)).ToList();
        if (asks && acts.Count > 0) return true;
        foreach (var word in words)
            if (asks && word.Kind is not (TokenKind.Word or TokenKind.Number or TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet) && (word.Kind != TokenKind.Duration || IsValue(word)) && !things.Contains(word.Kind)) return true;
        if (acts.Exists(t => !Remarks.Features.Contains(t.Concept) && !IsNoMore(t))) return true;
        // "v2 takes over", "the canary goes": what a version does is what is to be.
        return words.Exists(t => t.Kind == TokenKind.Version || t.Concept is Concept.Canary or Concept.Newer or Concept.Older && words.Find(w => w.Position > t.Position) is null or { Concept: Concept.VersionNoun or Concept.Filler or Concept.It }) && words.Exists(t => Remarks.Acts.Contains(t.Concept) && Sets.Weak.Contains(t.Value) && !Remarks.IsReport(words, t) && !IsSubject(words, t))
            // "is for", "are for": whom it is about.
            || words.Zip(words.Skip(1)).Any(p => p.First.Value is "is" or "are" or "it's" && p.Second.Value == "for")
            || words.Exists(t => t.Concept == Concept.Not) && acts.Exists(t => Remarks.Features.Contains(t.Concept));
    }

    /// <summary>"the provider enforces it": what somebody does who is no name of ours.</summary>
    private static bool IsDone(List<Token> words, Token token) => EndsInS(token) && Remarks.Acts.Contains(token.Concept) && words.FindLast(t => t.Position < token.Position) is { Kind: TokenKind.Word, Concept: not (Concept.Filler or Concept.It or Concept.Preposition or Concept.Separator or Concept.Not or Concept.Request or Concept.Noun) } who && !EndsInS(who);

    /// <summary>"statements never change", "browsers may keep them", "should not get to see": verbs of every day without a value or a feature of ours.</summary>
    private static bool IsGeneral(List<Token> words, Token token) => token.Concept is Concept.Set or Concept.Reach && !words.Exists(t => IsValue(t) || Remarks.Features.Contains(t.Concept) && !IsFigure(t));

    /// <summary>"its contract does not cover this", "it never answers": how it is, and no order, which would be "do not".</summary>
    private static bool IsDenied(List<Token> words, Token token) => words.FindIndex(t => ReferenceEquals(t, token)) is var at && (at > 1 && words[at - 1].Concept == Concept.Not && words[at - 2].Value is "does" or "did" || at > 0 && words[at - 1].Value is "doesn't" or "didn't" or "hasn't" or "hadn't" or "wasn't");

    /// <summary>"they are killing us".</summary>
    private static bool IsOnUs(List<Token> words, Token token) => words.Find(t => t.Position > token.Position) is { Value: "us" or "me" or "our" };

    private static bool IsNoMore(Token token) => token.Value is "again" or "any more" or "anymore" or "no longer" or "any longer";

    /// <summary>"the A/B test is decided", "junk keeps coming": what it is about.</summary>
    private static bool IsSubject(List<Token> words, Token token) => Determiners.Contains(words.FindLast(t => t.Position < token.Position)?.Value ?? "") || words.Find(t => t.Position > token.Position) is { } next && Sets.Copulas.Contains(next.Value) && next.Value is not ("got" or "gets" or "do" or "does" or "did");

    [GeneratedRegex(@"\b(?:it|that one|this one)\b", RegexOptions.IgnoreCase)]
    private static partial Regex It();
}
