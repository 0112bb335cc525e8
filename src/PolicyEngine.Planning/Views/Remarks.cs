using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// Tells talk from orders. A remark has no value, asks for nothing, sets no condition, and does nothing to anything that has a name here; and it
/// has the form of a statement, or begins as a reason does. What is in doubt is no remark.
/// </summary>
internal static class Remarks
{
    public static readonly HashSet<Concept> Features =
    [
        Concept.Mirror, Concept.Shadow, Concept.Limit, Concept.Retry, Concept.Timeout, Concept.Delay, Concept.Abort, Concept.Header, Concept.Redirect, Concept.Rewrite, Concept.Canary, Concept.Burst, Concept.BackOff, Concept.PerTry,
        Concept.Route, Concept.Policy, Concept.Deny, Concept.Allow, Concept.Promote, Concept.Swap, Concept.Even,
    ];

    public static readonly HashSet<Concept> Acts =
    [
        Concept.Send, Concept.Promote, Concept.Mirror, Concept.Limit, Concept.Deny, Concept.Allow, Concept.Require, Concept.Retry, Concept.Timeout, Concept.Wait, Concept.Delay, Concept.Abort, Concept.Redirect, Concept.Answer, Concept.Rewrite,
        Concept.Stop, Concept.Off, Concept.Set, Concept.Raise, Concept.Lower, Concept.Double, Concept.Triple, Concept.Halve, Concept.Swap, Concept.Undo, Concept.Same, Concept.Reach, Concept.Canary, Concept.Back, Concept.Shadow,
    ];

    /// <summary>A whole sentence or a part between commas that states something.</summary>
    public static bool Is(IReadOnlyList<Token> segment)
    {
        var words = Words(segment);
        if (words.Count < 2 || !IsHarmless(words) || segment.Any(t => t.Text is "?" or "=") || words[0].Value == "once" && words[1].Value is not ("again" or "more")) return false;
        return Opens(words) ? Says(words, 1) : Declares(words) && Says(words, 0);
    }

    /// <summary>What begins here is why, for what or on whose word: "because …", "so that …", "to protect the database", "for the flash sale".</summary>
    public static bool IsTail(IReadOnlyList<Token> tail)
    {
        var words = Words(tail);
        return words.Count > 1 && IsHarmless(words) && tail.All(t => t.Text != "?") && words[0].Value is not ("who" or "which" or "whose") && Opens(words) && Says(words, 1);
    }

    /// <summary>Nothing in it could be carried out.</summary>
    public static bool IsHarmless(IReadOnlyList<Token> words) => words.All(t => IsPlain(t) || IsWant(t)) && !(words.Any(IsWant) && words.Any(t => t.IsEntity || t.Kind == TokenKind.Version || Features.Contains(t.Concept) || t.Concept is Concept.Newer or Concept.Older)) && !ActsOn(words);

    /// <summary>"each client counted by itself", "callers are taken together": how a limit counts, whatever the words for it are.</summary>
    public static bool Counts(IReadOnlyList<Token> words) => words.Any(t => t.Kind == TokenKind.Word && (t.Concept is Concept.Client or Concept.User or Concept.Everyone || Sets.Consumers.Contains(t.Value)))
        && words.Any(t => t.Value is "each" or "every" or "counted" or "separately" or "individually" or "itself" or "themselves" or "alone" or "apart" or "together" or "jointly" or "combined" or "shared" or "individual" or "separate" or "independently" or "own" or "bucket" or "buckets" or "counter" or "counters" || t.Concept == Concept.Total);

    /// <summary>"support needs to see it": what people want, where it is about none of our things.</summary>
    private static bool IsWant(Token token) => token.Kind == TokenKind.Word && token.Value is "need to" or "needs to" or "has to" or "have to" or "want to" or "wants to";

    /// <summary>A word that says nothing here.</summary>
    public static bool IsUnknown(Token token) => token.Kind == TokenKind.Word && (token.Concept is Concept.None or Concept.Foreign || token.IsGuess);

    /// <summary>The words that say something; what only looks like a word of ours is none.</summary>
    public static List<Token> Words(IEnumerable<Token> tokens) => [.. tokens.Where(t => t.Kind != TokenKind.Punctuation && t.Concept != Concept.Separator).Select(t => t is { Kind: TokenKind.Word, IsGuess: true } ? t with { Value = t.Text.ToLowerInvariant(), Concept = Concept.None } : t)];

    private static bool IsPlain(Token token) => token.Kind is TokenKind.Word or TokenKind.Service or TokenKind.Version or TokenKind.Gateway or TokenKind.Fleet && !(token.IsGuess && token.Kind != TokenKind.Word)
        && token.Concept is not (Concept.Except or Concept.If or Concept.Until or Concept.Only or Concept.Without or Concept.Or or Concept.Rest or Concept.InsteadOf or Concept.Instead or Concept.Temporary or Concept.Method)
        && !(token.Concept == Concept.Everyone && token.Value is not ("the public" or "world" or "internet" or "the general public" or "strangers"))
        && !(token.Concept == Concept.Per && token.Value is "per" or "keyed by" or "based on" or "by each" or "per each")
        && token.Value is not ("exact" or "exactly") && !Sets.Exemptions.Contains(token.Value) && !Sets.Suspicious.Contains(token.Value) && !Sets.Modals.Contains(token.Value)
        || token is { Kind: TokenKind.Number, Value: "one" or "two" or "three" or "once" or "twice" or "no" }
        || token.Kind == TokenKind.Duration && token.Text.StartsWith("a ", StringComparison.Ordinal);

    /// <summary>Something that has a name here, and a verb that could do something to it now.</summary>
    private static bool ActsOn(IReadOnlyList<Token> words)
    {
        var version = words.Any(t => t.Kind == TokenKind.Version || t.Concept is Concept.Newer or Concept.Older or Concept.Canary);
        var feature = words.Any(t => Features.Contains(t.Concept) && !Sets.Weak.Contains(t.Value) && !IsReport(words, t));
        var named = version || feature || words.Any(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet || t.Concept == Concept.It);
        // "the timeout on search is obsolete" might ask for something.
        if (feature && words.Any(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet or TokenKind.Version || t.Concept == Concept.It)) return true;
        if (feature && words.Any(t => t.Value is "need" or "needs" or "want" or "wants")) return true;
        if (words.Any(t => t.Concept == Concept.Not) && feature) return true;
        var acts = words.Where(t => t.Kind == TokenKind.Word && Acts.Contains(t.Concept) && !IsReport(words, t) && !Features.Contains(t.Concept)).ToList();
        if (acts.Count == 0) return false;
        // An order begins with its verb.
        if (ReferenceEquals(words.FirstOrDefault(t => t.Concept != Concept.Filler || Sets.Subjects.Contains(t.Value)), acts[0])) return true;
        return named && (version || acts.Exists(t => !Sets.Weak.Contains(t.Value)));
    }

    /// <summary>"we moved", "they are hammering it": what was, or what goes on by itself.</summary>
    public static bool IsReport(IReadOnlyList<Token> words, Token verb)
    {
        var at = 0;
        while (!ReferenceEquals(words[at], verb)) at++;
        // "deleting is rare": what it is about.
        if (at + 1 < words.Count && verb.Value.EndsWith("ing", StringComparison.Ordinal) && words[at + 1].Value is "is" or "was" or "has" or "isn't") return true;
        var before = words.Take(at).LastOrDefault(t => t.Value is not ("not" or "just" or "already" or "recently" or "really" or "all" or "now"));
        if (before is null) return false;
        var first = verb.Value.Split(' ')[0];
        if (first.EndsWith("ing", StringComparison.Ordinal)) return before.Value is "are" or "is" or "was" or "were" or "been" or "they're" or "keep" or "keeps" or "kept" or "started" or "began" or "it's" && words[0].Value is not ("we" or "i" or "we're" or "i'm");
        return (first.EndsWith("ed", StringComparison.Ordinal) || Sets.Past.Contains(first)) && !Sets.Aux.Contains(before.Value);
    }

    /// <summary>The first word opens a reason, or "to" a purpose, or "for" an occasion.</summary>
    private static bool Opens(List<Token> words)
    {
        var (first, second) = (words[0].Value, words[1].Value);
        if (words[0].Concept == Concept.Because || Sets.Openers.Contains(first) || Sets.Openers.Contains($"{first} {second}") || words.Count > 2 && Sets.Openers.Contains($"{first} {second} {words[2].Value}")) return true;
        if (first is "to" or "in order to" or "so as to") return Sets.Purposes.Contains(second.Split(' ')[0]);
        return first is "for" && Sets.Occasions.Contains(words[^1].Value) && words.Skip(1).All(t => t.Concept is Concept.None or Concept.Foreign or Concept.Filler or Concept.Preposition || t.IsGuess || Sets.Occasions.Contains(t.Value));
    }

    /// <summary>Somebody or something, and what it is, was or does.</summary>
    private static bool Declares(List<Token> words)
    {
        // "slow clients are killing it": who they are begins with how they are.
        if (words.Count > 2 && words[0].Value is "slow" or "sluggish" or "idle" or "dead" or "broken" && Sets.Subjects.Contains(words[1].Value)) words = words[1..];
        var finite = words.Exists(t => Sets.Copulas.Contains(t.Value) || Sets.Past.Contains(t.Value)) || words.Skip(1).Any(t => IsUnknown(t) && (t.Value.EndsWith("ed", StringComparison.Ordinal) || t.Value.EndsWith('s') && !t.Value.EndsWith("ss", StringComparison.Ordinal)));
        var subject = Sets.Subjects.Contains(words[0].Value) || words[0].Kind is TokenKind.Service or TokenKind.Version || words[0] is { Kind: TokenKind.Word, Concept: Concept.Connect or Concept.Client };
        if (words.Exists(IsWant)) return subject && words[0].Value is not "you" || IsUnknown(words[0]);
        if (subject) return finite || words.Skip(1).Any(t => Sets.Weak.Contains(t.Value) || Sets.Desires.Contains(t.Value));
        // "zorble the checkout": what may be a verb that nobody knows is no subject.
        return finite && IsUnknown(words[0]) && words[1] is not ({ Value: "the" or "a" or "an" or "all" or "any" or "every" or "on" or "to" } or { Kind: TokenKind.Service or TokenKind.Version });
    }

    /// <summary>There is a word in it that says nothing here, or it says how a thing is.</summary>
    private static bool Says(List<Token> words, int from) => words.Skip(from).Any(t => IsUnknown(t) || t.Concept is Concept.Failing or Concept.Vague or Concept.Question) || words.Skip(from).Any(t => Sets.Weak.Contains(t.Value) || Sets.Past.Contains(t.Value)) || words.Skip(from).Any(t => Sets.Occasions.Contains(t.Value)) || from == 1;
}
