using System.Collections.Immutable;
using PolicyEngine.Planning.Clauses;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning;

/// <summary>One reading of an intent, clause by clause, into a draft.</summary>
internal static class Understanding
{
    /// <summary>The one list of clauses.</summary>
    private static readonly ImmutableArray<IClause> Clauses =
    [
        new SplitClause(), new TimeoutClause(), new RetryClause(), new RateLimitClause(), new AuthorizationClause(), new MirrorClause(), new FaultClause(), new HeadersClause(), new RouteClause(), new RemovalClause(),
    ];

    /// <summary>A clause that is surer than this is what the words say by themselves; below, "it" says more.</summary>
    private const int Weak = 24;

    /// <summary>False where nothing in it is about traffic.</summary>
    public static bool Read(IReadOnlyList<Token> tokens, Draft draft)
    {
        draft.IsExact = tokens.Any(t => t.Value is "exact" or "exactly") && tokens.Count(t => t.Kind == TokenKind.Path) == 1;
        var (body, why) = Reasons.Split(tokens, t => BestOf(t).Score);
        draft.Why = why;
        var every = Elsewise.Folded(OtherRanges.Folded(Once(body)));
        var but = Excepting.Folded(every);
        draft.Excepts = !ReferenceEquals(every, but) && !Excepting.Lasts(every);
        if (Keeping.Contradicts(but)) draft.Ask("standing", "It is to stay, and yet to be changed? Which?");
        (body, draft.Kept) = Keeping.Split(but);
        if (Whilst(ReferenceEquals(every, but) ? tokens : but) is { } whilst) draft.Ask("words:while", $"Only while that is so? Nobody here can see when it is: '{Shown(whilst)}'. Until when, then?");
        if (BareTimes.Are(body, draft)) body = BareTimes.Named(body);
        var phrases = Segmenter.Split(body, Best);
        if (IsForeign(body, phrases, draft)) return false;
        // What only a remark names ("v2 of the cart is flaky, …") is still what is spoken of; what "it" is, it does not settle, but "that service" is it.
        if (draft.Target is null && (Only(body) ?? (body.Exists(t => t.IsEntity || t.Concept == Concept.It && !t.Value.EndsWith("service", StringComparison.Ordinal)) ? null : Only(tokens) ?? Owner(body, draft))) is { } only) draft.Target = only;
        phrases = Tries(Gapping.Filled(phrases, Best));
        // "block it, and lift that after 6 hours": the second clause only says when the first ends.
        if (phrases.Count == 2 && Ending.Closes(phrases[1], draft) is { } closing)
        {
            (draft.Ends, draft.EndsAll) = (closing, true);
            phrases.RemoveAt(1);
        }
        // "end it in two hours", said of what was planned before.
        if (phrases.Count == 1 && draft.Last is { } latest && Ending.Closes(phrases[0], draft) is { } end)
        {
            draft.Ends = end;
            draft.Put(latest);
            return true;
        }
        for (var i = 0; i < phrases.Count && draft.Reasons.Count == 0; i++)
        {
            var phrase = phrases[i];
            var leads = i == 0 && Ending.Leads(phrase);
            var ends = Ending.Of(phrase, draft);
            if (!draft.EndsAll) draft.Ends = ends;
            draft.EndsAll |= leads;
            if (ends is not null && i > 0 && i == phrases.Count - 1) draft.Ask("until", "Does only the last of these end then, or all of them? Say it in two sentences, or begin with the time.");
            var (before, limited) = (draft.Last?.Id, i > 0 && ends is null && draft.Last?.Metadata.ExpiresAt is not null && !draft.EndsAll && Afterwards(phrase.Tokens) > 0);
            Apply(phrase, draft, i > 0 && BestOf(phrase.Tokens).Clause is null && Gapping.Repeats(phrase.Tokens) ? phrases.Take(i).Reverse().Select(p => Best(p.Tokens)).FirstOrDefault(c => c is not null) : null);
            // "10% to v2 for two hours, then all to v1": the second would take the place of the first.
            if (limited && draft.Last?.Id == before && draft.Questions.Count == 0) draft.Ask("until", "What ends first, and what comes after it? Say the second when the first has ended.");
        }
        // "…, then back to normal": when?
        if (phrases.Exists(p => Afterwards(p.Tokens) is var at and > 0 && p.Tokens.Skip(at).FirstOrDefault(t => t.Concept != Concept.Filler) is { Concept: Concept.Back }) && !phrases.Exists(p => p.Tokens.Any(t => t.Kind == TokenKind.Time || t.Kind == TokenKind.Duration && t.Duration >= TimeSpan.FromMinutes(1)))) draft.Ask("until", "When is it to be again as it is now?");
        return true;
    }

    /// <summary>"back-off 5ms to 50ms, 3 retries on unavailable": how it is tried again, before it is said how often.</summary>
    private static List<Phrase> Tries(List<Phrase> phrases)
    {
        for (var i = 0; i + 1 < phrases.Count; i++)
        {
            var (first, next) = (phrases[i].Tokens, phrases[i + 1].Tokens);
            if (Best(first) is not RetryClause || Best(next) is not RetryClause || first.Concat(next).Any(t => t.Concept is Concept.Stop or Concept.Not or Concept.Off or Concept.Without or Concept.Raise or Concept.Lower or Concept.Double or Concept.Halve or Concept.More or Concept.Method || t.Value is "no")) continue;
            if (first.Any(IsCount) || !next.Any(IsCount) || next.Any(t => t.IsEntity || t.Kind is TokenKind.Path or TokenKind.HeaderName || t.Text is "." or ";")) continue;
            return Tries([.. phrases.Take(i), new Phrase([.. first, .. next]), .. phrases.Skip(i + 2)]);
        }
        return phrases;
    }

    private static bool IsCount(Token token) => token.Kind == TokenKind.Number && token.Number is > 0 and < 100;

    /// <summary>"…, while v2 is on trial": only as long, and no order of its own; null where nothing says so.</summary>
    private static string? Whilst(IReadOnlyList<Token> body)
    {
        var at = body.ToList().FindIndex(t => t.Value is "while" or "whilst" or "as long as");
        if (at < 1) return null;
        var rest = body.Skip(at + 1).TakeWhile(t => !(t.Kind == TokenKind.Punctuation && t.Text is "," or "." or ";" or "!")).ToList();
        return rest.Exists(t => t.Value is "is" or "are" or "was" or "were") && !rest.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Points or TokenKind.Duration or TokenKind.Rate or TokenKind.Number or TokenKind.Quoted) ? string.Join(' ', rest.Select(t => t.Text)) : null;
    }

    /// <summary>Behind the word that says that this comes later; 0 where none does.</summary>
    private static int Afterwards(IReadOnlyList<Token> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i].Value is "then" or "afterwards" or "afterward" or "thereafter" || tokens[i].Value is "after" && tokens.ElementAtOrDefault(i + 1)?.Value is "that") return i + 1;
        return 0;
    }

    /// <summary>"the mirror can go. Delete it.": the second says the same again.</summary>
    private static List<Token> Once(List<Token> body)
    {
        var stop = body.FindIndex(t => t.Kind == TokenKind.Punctuation && t.Text is "." or ";" or "!");
        var (said, again) = stop < 1 ? ([], []) : (body.GetRange(0, stop), body.GetRange(stop + 1, body.Count - stop - 1));
        return said.Exists(t => t.Concept == Concept.Stop) && said.Exists(t => !t.IsGlue && t.Concept is not (Concept.Stop or Concept.It)) && again.Exists(t => t.Concept == Concept.Stop && t.Value is "delete" or "remove" or "drop" or "lift" or "kill") && again.Exists(t => t.Concept == Concept.It) && again.TrueForAll(t => t.IsGlue || t.Concept is Concept.Stop or Concept.It) ? said : body;
    }

    private static void Apply(Phrase phrase, Draft draft, IClause? repeated)
    {
        // "double the limit for two hours": how long it holds says nothing of what it is.
        var (best, score) = repeated is null ? BestOf([.. phrase.Free]) : (repeated, Weak + 1);
        // "…, all others after 2s": what is not so narrowed.
        if (repeated is not null && draft.Last?.Spec is TargetedSpec { Target.Matches.IsEmpty: false }) phrase.TakeAll(Concept.Rest);
        // Little was said ("make it 20%"): what is changed is what was spoken of last.
        if (draft.Ends is not null && draft.Last is { } standing && !phrase.Left.Any(t => t.Concept is not (Concept.It or Concept.Only)))
        {
            draft.Put(standing);
            return;
        }
        if (score <= Weak && draft.Last is { } last && Clauses.FirstOrDefault(c => c.Kind == last.Kind) is { } same && (best is null || phrase.Tokens.Any(t => t.Kind is TokenKind.Percent or TokenKind.Points or TokenKind.Duration or TokenKind.Number or TokenKind.Rate || t.Concept is Concept.Double or Concept.Halve or Concept.Triple or Concept.It)))
            best = same;
        if (best is null && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Document) is { } document && draft.Named(document.Value).ToList() is [var only])
            best = Clauses.FirstOrDefault(c => c.Kind == only.Kind);
        if (best is null)
        {
            var said = phrase.Tokens.Where(t => !t.IsGlue).ToList();
            if (said.Count > 0) draft.Ask("what", $"What is to be done: '{Shown(string.Join(' ', phrase.Tokens.Select(t => t.Text)))}'?");
            return;
        }
        if (phrase.Tokens.FirstOrDefault(t => t.Kind != TokenKind.Punctuation) is { Value: "but", Kind: TokenKind.Word } but) phrase.Mark(but);
        foreach (var guess in phrase.Tokens.Where(t => t is { IsGuess: true, Kind: TokenKind.Word })) draft.Ask($"name:{guess.Text}", $"I do not know '{guess.Text}'. Did you mean {guess.Value}?", [guess.Value]);
        // "ads and live: both get 2s, and two retries": what names nothing is of all that were named before.
        var named = phrase.Tokens.Where(t => t.IsEntity).ToList();
        if (named.Count > 0 || phrase.Has(TokenKind.Host)) draft.Several = Distribution.Listed(phrase);
        // "checkout 2s, orders 4s, both with two retries": the two that were named.
        if (named.Count == 0 && draft.Several.Count < 2 && phrase.Tokens.Any(t => t.Value == "both") && draft.Spoken.DistinctBy(t => t.Value).ToList() is [var one, var other]) draft.Several = [one, other];
        draft.Spoken.AddRange(named.Where(t => t.Kind == TokenKind.Service));
        var singles = named.Count == 0 && draft.Several.Count > 1 && !phrase.Has(TokenKind.Host) ? draft.Several.Select(s => phrase.With(s)).ToList() : Distribution.Of(phrase);
        // "search and orders should answer under /find": of one path nobody can say which.
        if (best is RouteClause && singles.Count > 1 && (phrase.Has(TokenKind.Path) || phrase.Has(TokenKind.Host)) && !phrase.Has(Concept.Stop))
        {
            draft.Ask("service", $"Which service takes {phrase.Tokens.First(t => t.Kind is TokenKind.Path or TokenKind.Host).Text}?", draft.Several.Select(s => s.Value));
            return;
        }
        // "only 10.0.0.0/8", said behind a limit: whom that holds for, or who may come?
        if (best is AuthorizationClause && draft.Last is { } spoken && spoken.Kind != best.Kind && phrase.Has(TokenKind.Cidr) && phrase.Tokens.All(t => t.IsGlue || t.Kind == TokenKind.Cidr || t.Concept == Concept.Only))
        {
            draft.Ask("what", $"What of {phrase.Tokens.First(t => t.Kind == TokenKind.Cidr).Text}: is nobody else to be let in?");
            return;
        }
        foreach (var single in singles)
        {
            draft.Focus = null;
            // "live and ads get 1% on v2 each".
            if (singles.Count > 1 && single.Free.LastOrDefault(t => t.Kind != TokenKind.Punctuation) is { Concept: Concept.Per, Value: "each" or "apiece" } each) single.Mark(each);
            // "It" is what was spoken of before; without that, it stays a word to ask about.
            if (draft.Target is not null) single.TakeAll(Concept.It);
            // "every DELETE": all of them; behind a rate it may be what is counted.
            if (best is not RateLimitClause) single.TakeEvery();
            if (!Exempting.Apply(single, draft)) best.Apply(single, draft);
            if (draft.Reasons.Count > 0) return;
            single.TakeAll(Concept.Too);
            // "for good" says no more, where nothing ends.
            if (draft.Ends is null) single.TakeAll(Concept.Permanent);
            // "remove both", with nothing named: which two?
            if (phrase.Tokens.Any(t => t.Value == "both") && singles.Count < 2 && phrase.Tokens.Count(t => t.IsEntity || t.Concept is Concept.Method or Concept.Timeout or Concept.Retry or Concept.Mirror or Concept.Delay or Concept.Abort or Concept.Failing or Concept.Limit || t.Kind is TokenKind.Version or TokenKind.Cidr or TokenKind.HeaderName or TokenKind.Path or TokenKind.Status or TokenKind.Host) < 2)
                draft.Ask("both", "Both of which? Name them.");
            var left = single.Left.Where(t => !draft.Questions.Any(q => q.Id == $"name:{t.Text}")).ToList();
            if (left.Count > 0)
                draft.Ask($"words:{string.Join(' ', left.Select(t => t.Text))}", $"I did not understand {string.Join(", ", left.Select(t => $"'{Shown(t.Text)}'"))}. Please say it in other words, or leave it out.");
        }
    }

    private static IClause? Best(IReadOnlyList<Token> tokens) => BestOf(tokens).Clause;

    private static (IClause? Clause, int Score) BestOf(IReadOnlyList<Token> tokens)
    {
        var summed = new Summed(tokens);
        var best = ((IClause?)null, 0);
        // The first of the surest.
        foreach (var clause in Clauses)
            if (clause.Recognises(summed) is var score && score > best.Item2) best = (clause, score);
        return best;
    }

    /// <summary>What the whole intent is about, where it names one thing only: what is said before the name is about it as well.</summary>
    private static Target? Only(IReadOnlyList<Token> tokens) => tokens.Where(t => t.IsEntity && t.Kind != TokenKind.Document && !t.IsGuess).DistinctBy(t => (t.Kind, t.Value)).ToList() is [var one] ? one.Kind switch
    {
        TokenKind.Service => Target.OfService(one.Value),
        TokenKind.Gateway => Target.OfGateway(one.Value),
        _ => Target.OfFleet(one.Value),
    } : null;

    /// <summary>"ml-b gets 30%": the one service that has a version of that name; "v2" and "blue" are no such names.</summary>
    private static Target? Owner(IReadOnlyList<Token> tokens, Draft draft) =>
        tokens.Where(t => t.Kind == TokenKind.Version).Select(t => t.Value).Distinct().ToList() is { Count: > 0 } versions && versions.TrueForAll(v => v.Contains('-', StringComparison.Ordinal))
        && draft.Catalog.Services.Where(s => versions.TrueForAll(v => s.Value.Versions.Any(k => k.Name == v))).ToList() is [var owner] ? Target.OfService(owner.Key) : null;

    /// <summary>No clause and no name of the catalog; or mostly words that nobody here knows, or a question about the world.</summary>
    private static bool IsForeign(IReadOnlyList<Token> tokens, List<Phrase> phrases, Draft draft)
    {
        var content = tokens.Where(t => !t.IsGlue).ToList();
        // "is 5% of checkout on v2?" wants to know.
        if (tokens.Count > 2 && tokens[0].Value is "is" or "are" or "does" or "do" or "did" or "was" or "were" or "has" or "have" or "am" && tokens[1].Value is not ("you" or "me" or "us") && tokens.Any(t => t.Text == "?")) return true;
        // "Would 2s on cart help?" wants to know as well; "would you set it to 2s?" does not.
        if (tokens.Count > 3 && tokens[0].Value is "would" or "will" or "might" or "could" or "can" or "should" && tokens[^1].Text == "?" && tokens[1].Value is not ("you" or "we" or "i" or "someone" or "somebody") && tokens.Skip(tokens.Count - 4).Any(t => t.Value is "help" or "helps" or "help us" or "help me" or "work" or "suffice" or "hurt" or "harm" or "matter" or "sense" or "break" or "enough" or "do it" or "would do" or "is enough")) return true;
        var unknown = content.Count(t => t.Kind == TokenKind.Word && t.Concept is Concept.None or Concept.Foreign or Concept.Question);
        if (content.Count > 0 && content[0] is { Concept: Concept.Question } asks && asks.Value.Contains(' ')) return !asks.Value.Contains("about", StringComparison.Ordinal);
        if (content.Count > 0 && content[0].Concept is Concept.Question or Concept.Foreign && !content.Exists(t => t.Kind is TokenKind.Percent or TokenKind.Rate or TokenKind.Duration or TokenKind.HeaderName or TokenKind.Cidr or TokenKind.Status)) return true;
        if (unknown >= 3 && unknown * 2 > content.Count && !content.Exists(t => t.Kind is TokenKind.Cidr or TokenKind.HeaderName or TokenKind.Rate)) return true;
        var clauses = phrases.Exists(p => BestOf(p.Tokens).Score > 0);
        if (unknown == 0 && !content.Exists(t => t.Concept is Concept.Foreign or Concept.Question) && content.Exists(t => t.Concept is Concept.Undo or Concept.Raise or Concept.Lower or Concept.Double or Concept.Triple or Concept.Halve or Concept.Stop)) return false;
        if (clauses) return content.Exists(t => t.Concept == Concept.Foreign) && unknown * 2 >= content.Count && !content.Exists(t => t.IsEntity);
        if (draft.Last is not null && unknown <= 1 || content.Exists(t => t.Kind is TokenKind.Cidr or TokenKind.Rate)) return false;
        return unknown > 1 || content.Exists(t => t.Concept is Concept.Foreign or Concept.Question) || !content.Exists(t => t.IsEntity || t.Kind is TokenKind.Percent or TokenKind.Version or TokenKind.Cidr or TokenKind.Duration or TokenKind.Number or TokenKind.Path or TokenKind.Host or TokenKind.HeaderName || t.IsGuess);
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
