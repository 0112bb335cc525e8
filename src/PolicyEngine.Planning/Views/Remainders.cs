using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>"the rest stays open to everybody", "nothing changes on the other host", "other methods remain as they are": what is not named does not change anyway.</summary>
internal static partial class Remainders
{
    private static readonly TokenKind[] Values = [TokenKind.Number, TokenKind.Percent, TokenKind.Points, TokenKind.Duration, TokenKind.Rate, TokenKind.Version, TokenKind.Cidr, TokenKind.Status, TokenKind.Quoted, TokenKind.HeaderName];

    /// <summary>The view without what says so; null where nothing does.</summary>
    public static View? SetAside(View view, IReadOnlyList<Token> tokens)
    {
        var gone = new List<List<Token>>();
        foreach (var sentence in Segments.Sentences(tokens))
        {
            var parts = Segments.Parts(sentence);
            if (Says(view.Text, sentence)) gone.Add(sentence);
            else gone.AddRange(parts.Skip(1).Where(p => Says(view.Text, p) && !IsExcepted(p, tokens)));
        }
        if (gone.Count == 0 || gone.Sum(g => g.Count) == tokens.Count) return null;
        return gone.Aggregate(view, (v, g) => v.Without(g[0].Position, Math.Min(g[^1].Text is "." or "!" or "\n" ? g[^1].Position : g[^1].End, v.Text.Length)));
    }

    /// <summary>"…, while POST stays as it is", "/a after 2s, /a/b is untouched": some of those that the rest speaks of.</summary>
    private static bool IsExcepted(List<Token> part, IReadOnlyList<Token> tokens)
    {
        var rest = tokens.Where(t => t.Position < part[0].Position || t.Position >= part[^1].End).ToList();
        return part.TrueForAll(t => t.IsGlue || t.Concept == Concept.Not || t.Value is "included" or "include") && part.Exists(t => t.Concept == Concept.Not) || part.Exists(t => t.Concept == Concept.Method) && !rest.Exists(t => t.Concept == Concept.Method)
            || part.Find(t => t.Kind == TokenKind.Path) is { } path && (!rest.Exists(t => t.Kind == TokenKind.Path) || rest.Exists(t => t.Kind == TokenKind.Path && path.Value.StartsWith(t.Value.TrimEnd('*', '/') + "/", StringComparison.Ordinal)));
    }

    /// <summary>"otherwise we stop waiting for it": what comes of it anyway. Where else it goes is an order.</summary>
    private static bool IsOtherwise(List<Token> part) => Remarks.Words(part) is [{ Value: "otherwise" or "or else" or "else" }, .. var words] && words.TrueForAll(t => t.Kind == TokenKind.Word && t.Concept is not (Concept.Send or Concept.Redirect or Concept.Answer or Concept.Mirror or Concept.Deny or Concept.Limit));

    private static bool Says(string text, List<Token> part) => IsOtherwise(part) || text[part[0].Position..Math.Min(part[^1].End, text.Length)].Trim(' ', ',', '.', ';', ':', '!', '-', '–', '—', '(', ')', '\n') is var said && Array.Exists(Stays, s => s.IsMatch(said))
        && !part.Exists(t => Values.Contains(t.Kind) || t.Concept is Concept.Deny or Concept.Abort or Concept.Stop or Concept.Mirror or Concept.Redirect or Concept.Delay or Concept.Limit && t.Value.EndsWith("ed", StringComparison.Ordinal));

    /// <summary>Without backtracking: whatever is typed, the time is linear.</summary>
    private static readonly Regex[] Stays =
    [
        Of(@"^(?:and |but |while |whereas )?(?:(?:the )?(?:rest|remainder|others?|ones|other \w+|remaining \w+)|(?:every(?:one|body|thing)|any(?:one|body|thing)) else|all (?:the )?(?:others?|rest)|all other \w+|\w+ and \w+)\b(?: \S+){0,5}? (?:(?:may |should |must |can |shall |will |to )?(?:stays?|remains?|keeps?|kept)\b.*|(?:is|are) (?:unchanged|untouched|unaffected|not affected|fine|as before|as (?:it|they) (?:is|are|was|were)))$"),
        Of(@"^(?:and |but |while )?(?:the )?\w+(?: \w+)?(?: (?:and|or) (?:the )?\w+)? (?:may |can |should |must |shall |will |has to )?(?:stays?|remains?)(?: (?:as|the same|put|where|un|on|in)\b.*)?$"),
        Of(@"^(?:and |but |, )?(?:nowhere|nobody|no one|nothing|never|not) (?:else|(?:the )?(?:rest|others?|writes|reads|other \w+)|anywhere else|anything else)$"),
        Of(@"^(?:anything|everything|all|whatever|requests|the rest|more)(?: that is| is)? (?:above|beyond|over|on top)(?: of)?(?: that| this| it)?(?: (?:is|are|should|must|gets|get|can|may)\b.*)?$"),
        Of(@"^(?:and |but )?nothing (?:else )?(?:\S+ ){0,4}(?:changes?|is changed|to change|is touched)\b.*$"),
        Of(@"^(?:and |but )?(?:the )?(?:ones|those|others) (?:on|at|in|from|of|under) \S+ (?:are )?not$"),
        Of(@"^(?:and |but |while |whereas |though )?(?:the |our |all |any |what |whatever )?\S+(?: \S+){0,6}? (?:(?:isn't|aren't|is not|are not|must not be|shall not be|should not be|needn't be|not) (?:to be )?(?:touched|affected|changed|concerned|meant|involved|included)|(?:carries|carry|goes|go) on (?:as (?:before|usual|ever|it does|they do|it is|now)|unchanged|undisturbed)|(?:keeps?|keep) (?:what|whatever|all) (?:it|they) (?:has|have)(?: now)?|(?:sees?|see|notices?|notice) no (?:change|difference)s?(?: at all| whatsoever)?|(?:doesn't|does not|don't|do not|won't|will not) (?:change|notice(?: anything| a thing)?)|(?:stays?|remains?) (?:as (?:it is|they are|before)|the same|untouched|unchanged|unaffected))$"),
    ];

    private static Regex Of(string form) => new(form, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
