using System.Text.RegularExpressions;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// "…, then back to normal", "afterwards the old value again", "while the migration is running": of what ends by itself, nothing more is said by it. Set aside only
/// where all that is planned does end, which <see cref="View.Ends"/> is for: "5s, then back to normal" says neither when nor how.
/// </summary>
internal static partial class Afterwards
{
    /// <summary>The view without what says so; null where nothing does.</summary>
    public static View? SetAside(View view)
    {
        var gone = Says().Matches(view.Text).Concat(Meanwhile().Matches(view.Text)).OrderByDescending(m => m.Groups["said"].Index).ToList();
        if (gone.Count == 0 || gone.Zip(gone.Skip(1)).Any(p => p.Second.Groups["said"].Index + p.Second.Groups["said"].Length > p.First.Groups["said"].Index)) return null;
        return gone.Aggregate(view, (v, m) => v.Without(m.Groups["said"].Index, m.Groups["said"].Index + m.Groups["said"].Length)) with { Ends = true };
    }

    private const string When = @"(?:and then|then|afterwards?|after that|thereafter|after which|after this|from then on|subsequently|at the end|by then|(?:once|when|as soon as|after) (?:it|that|this|the (?:time|hour|hours|minutes|window|week|day|days|period|test|drill|sale|demo|\w+ (?:hours|minutes|days))) (?:is|are|has|have) (?:over|up|through|done|gone|passed|elapsed|run out))";
    private const string Former = @"(?:old|former|previous|prior|usual|normal|original|present|current|regular|standing|today's)";
    private const string Was = $@"(?:normal|usual|before|now|today|what (?:we|it|there|they|was|is|stands)\b[^,.;!?0-9%]*|how (?:we|it|things|they)\b[^,.;!?0-9%]*|where (?:we|it|they)\b[^,.;!?0-9%]*|the way (?:it|we|things|they)\b[^,.;!?0-9%]*|it (?:is|was)(?: now| today| before)?|they (?:are|were)(?: now| today| before)?|(?:the |its |our |their )?(?:{Former} \w+(?: \w+)?|status quo|default|defaults|old one))";
    private const string Who = @"(?:(?:it|that|this|we|all|everything|things|all of it|they|traffic|you|the (?:rest|limit|timeout|rule|policy|setting|split|block|delay|retries|mirror|change|access)|their access) )";
    private const string Must = @"(?:(?:should|shall|must|is to|are to|has to|have to|can|may|will|needs to|to|please|just|all|let it|let them|let everything)[ ])*";
    private const string Back = $@"{Who}?{Must}(?:be )?(?:go|goes|come|comes|return|returns|revert|reverts|switch|switches|fall|falls|roll|rolls|flip|flips|back|put|set|restore|restores|restored|reset|resets|undo|undone|lift|lifted|gone|remove|removed|is|are|reverted|returned)\b(?: (?:it|that|this|them|things|everything|all))?(?: (?:back|again|away|off))*(?: (?:to|as|like) {Was})?";
    private const string Old = $@"(?:back )?(?:to )?(?:the |its |our )?{Former} \w+(?: \w+)?(?: (?:again|returns?|is back|comes? back|appl(?:y|ies)(?: again)?|holds? again|counts? again|is in force again|is restored))?(?: again)?";
    private const string None = @"(?:no \w+(?: \w+)?|none|nothing|unlimited|unrestricted)(?: again)?,? (?:as|like) (?:now|today|before)|(?:no \w+|none) again";
    private const string As = @"(?:all )?(?:is |shall be |should be |must be )?(?:as|like) (?:now|before|today|usual|always|it is(?: now| today)?|it was(?: before)?)";
    private const string Ends = $@"{Who}(?:expires?|lapses?|ends?|vanish(?:es)?|disappears?|goes away|is over|is off|stops?)(?: again| by itself| on its own| automatically)*";

    [GeneratedRegex($@"(?:[,;.!?:–—(]\s*|\s-\s|\s+(?=and |but ))(?<said>(?:and |but |so )?{When}[,:]?\s+(?:{Back}|{Old}|{None}|{As}|{Ends}))(?=\s*(?:[.;!?)\n]|$|,\s*(?:please|thanks)))", RegexOptions.IgnoreCase)]
    private static partial Regex Says();

    [GeneratedRegex(@"(?:^|[,;.!?:(–—]\s*)(?<said>(?:while|as long as|for as long as|during which|whilst)\s+[^,.;!?:0-9%()/]{3,60}?)(?=\s*[,)])", RegexOptions.IgnoreCase)]
    private static partial Regex Meanwhile();
}
