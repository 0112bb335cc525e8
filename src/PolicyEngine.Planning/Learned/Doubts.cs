using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>
/// What no learnt likelihood outweighs: a value that the order leaves lying, a condition or an exception that it does not have, whom it does not
/// narrow itself to, a word that takes back or puts off, and a second thing to do. An intent with one of these is asked about.
/// </summary>
internal static partial class Doubts
{
    public static bool IsValue(Token token) => token.Kind is not (TokenKind.Word or TokenKind.Punctuation or TokenKind.Quoted) || token.Concept == Concept.Method;

    public static bool Are(Facts facts, Candidate candidate)
    {
        var used = candidate.Slots.Select(s => s.Token).ToHashSet();
        return LeavesValues(facts, used) || Unsure().IsMatch(facts.Text) || IsConditional(facts, candidate) || Narrows(facts, candidate, used) || Excepts(facts, candidate) || DoesMore(facts, used);
    }

    /// <summary>But what is in force already, what is said twice, and a "one" that counts nothing.</summary>
    private static bool LeavesValues(Facts facts, HashSet<int> used) => Enumerable.Range(0, facts.Tokens.Count).Any(i => IsValue(facts[i]) && !used.Contains(i) && !facts.Stands(i)
        && !used.Any(u => facts[u].Kind == facts[i].Kind && facts[u].Value == facts[i].Value)
        && !(facts[i].Kind == TokenKind.Number && !char.IsAsciiDigit(facts[i].Text[0]) && facts[i].Number <= 2)
        && !(facts[i].Kind is TokenKind.Status or TokenKind.Number && used.Any(u => Math.Abs(u - i) <= 2 && facts[u].Kind == facts[i].Kind && facts[i].Number is 429 or 403))
        && !(facts[i] is { Kind: TokenKind.Number, Number: 429 or 403 }));

    /// <summary>An "if" or "when" that is neither of failures that are tried again nor of what requests carry.</summary>
    private static bool IsConditional(Facts facts, Candidate candidate) => If().IsMatch(facts.Text) && !candidate.Frame.StartsWith("retry", StringComparison.Ordinal)
        && !candidate.Slots.Any(s => s.Role.StartsWith("header", StringComparison.Ordinal) || s.Role.StartsWith("cookie", StringComparison.Ordinal) || s.Role.StartsWith("query", StringComparison.Ordinal) || s.Role is "rate" or "rate.number" or "method" or "path");

    /// <summary>"the player's mobile traffic", "comments that have links in them".</summary>
    private static bool Narrows(Facts facts, Candidate candidate, HashSet<int> used)
    {
        var conditional = candidate.Slots.Any(s => s.Role.StartsWith("header", StringComparison.Ordinal) || s.Role.StartsWith("cookie", StringComparison.Ordinal) || s.Role.StartsWith("query", StringComparison.Ordinal) || s.Role is "key" or "deny" or "only" or "path");
        for (var i = 0; i < facts.Tokens.Count; i++)
        {
            var next = i + 1 < facts.Tokens.Count ? facts[i + 1] : null;
            if (next is null) continue;
            var requests = next.Concept is Concept.Request or Concept.User or Concept.Client || next.Kind == TokenKind.Service || next is { Concept: Concept.Noun, Value: "traffic" or "load" or "stream" or "streams" or "operations" or "jobs" };
            // An unknown word right before whose requests they are, or before what they are to.
            if (!conditional && facts[i] is { Kind: TokenKind.Word, Concept: Concept.None or Concept.Foreign } adjective && requests && !adjective.Value.EndsWith("ly", StringComparison.Ordinal) && !(i > 0 && facts[i - 1].Kind == TokenKind.Punctuation && next.Kind == TokenKind.Service) && i > 0 && (facts[i - 1].Kind == TokenKind.Service || next.Kind != TokenKind.Service)) return true;
            // "comments that have links", "customers who pay".
            if (!conditional && (facts[i].Kind == TokenKind.Service && used.Contains(i) || facts[i].Concept is Concept.Request or Concept.User or Concept.Client) && next.Value is "that" or "which" or "who" or "whose" or "with" or "containing" or "about" or "by" or "between" && !(i + 2 < facts.Tokens.Count && IsValue(facts[i + 2])) && !(i + 3 < facts.Tokens.Count && IsValue(facts[i + 3]))) return true;
        }
        return false;
    }

    /// <summary>An exception where nothing is excepted.</summary>
    private static bool Excepts(Facts facts, Candidate candidate) => Except().IsMatch(facts.Text) && candidate.Frame is not ("access.only" or "access.except" or "access.only.some" or "access.without");

    /// <summary>A part behind "and", "then" or a comma that takes no value and begins as an order does, with a verb that nobody here knows.</summary>
    private static bool DoesMore(Facts facts, HashSet<int> used)
    {
        for (var i = 1; i + 1 < facts.Tokens.Count; i++)
        {
            if (!(facts[i].Concept is Concept.Separator or Concept.Too || facts[i].Value is "and" or "then" or "plus" or "also" or "afterwards")) continue;
            var rest = Enumerable.Range(i + 1, facts.Tokens.Count - i - 1).TakeWhile(j => !(facts[j].Kind == TokenKind.Punctuation && facts[j].Text is "." or "!" or ";") && facts[j].Concept != Concept.Separator).ToList();
            if (rest.Count == 0 || rest.Any(used.Contains)) continue;
            var first = rest.Select(j => facts[j]).FirstOrDefault(t => t.Concept is not (Concept.Filler or Concept.Too) || t.Value is "the" or "a" or "our" or "this" or "that" or "it" or "they" or "we" or "i" or "you");
            if (first is { Kind: TokenKind.Word, Concept: Concept.None or Concept.Foreign } verb && !verb.Value.EndsWith("ed", StringComparison.Ordinal) && !rest.Any(j => facts[j].Value is "is" or "are" or "was" or "were" or "has" or "have" or "had" or "will" or "would" or "can" or "should" or "does" or "do")) return true;
        }
        return false;
    }

    [GeneratedRegex(@"\b(suppose|imagine|assum\w+|hypothetic\w*|what if|had we|would have|used to|might have|denied|rumou?r|decided against|against giving|forget (it|about)|never ?mind|cancel\w*|scrap that|ask me|yet|not now|not today|later|tomorrow|next (week|month|monday|friday|year)|little by little|gradual\w*|ramp\w*|bit by bit|step by step|slowly|each (day|hour) by|around \d|about \d|roughly|approximately|maybe|perhaps|or so|or thereabouts|thinking aloud|wonder|thrown out|draft|depending|the moment|in the event|as soon as|unless|whichever|whoever is|random\w*|sticky|always the same)\b|\?\?", RegexOptions.IgnoreCase)]
    private static partial Regex Unsure();

    [GeneratedRegex(@"\b(if|when|whenever|once|until|while|till)\b(?! (?:and for all|again|more|a |an |per |every ))", RegexOptions.IgnoreCase)]
    private static partial Regex If();

    [GeneratedRegex(@"\b(except\w*|exempt\w*|spare[ds]?|barring|short of|anything but|other than|apart from|unaffected by|leave .{1,30} (?:out|alone)|not for|but not)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Except();
}
