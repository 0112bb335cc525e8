using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>The values of one kind that a clause has, by what they are for: "from 1s to 3s", "by 10 points", "2s instead of 1s", "5% more".</summary>
internal sealed record Amounts(Token? To, Token? From, Token? By)
{
    public static Amounts Of(Phrase phrase, params TokenKind[] kinds)
    {
        var amounts = new Amounts(null, null, null);
        foreach (var token in phrase.Free.Where(t => kinds.Contains(t.Kind)).ToList())
        {
            var role = Role(phrase, token);
            if (role == "by" && amounts.By is null) amounts = amounts with { By = token };
            else if (role == "from" && amounts.From is null) amounts = amounts with { From = token };
            else if (role == "to" && amounts.To is null) amounts = amounts with { To = token };
            else continue;
            phrase.Mark(token);
        }
        return amounts;
    }

    private static string Role(Phrase phrase, Token token)
    {
        var (governor, after, before) = (phrase.Governor(token), phrase.After(token), phrase.Before(token));
        if (governor?.Concept == Concept.InsteadOf)
        {
            phrase.Mark(governor);
            return "from";
        }
        if (token.Kind == TokenKind.Points) return governor?.Value is "to" ? "to" : "by";
        if (after is { Concept: Concept.More or Concept.Less } && after.Value is "more" or "less" or "fewer" or "extra")
            return governor?.Value is "by" or null || governor.Concept != Concept.Preposition ? "by" : "to";
        if (before is { Concept: Concept.More, Value: "another" or "extra" or "additional" or "further" }) return "by";
        return governor is { Concept: Concept.Preposition, Value: "by" } ? "by" : governor is { Concept: Concept.Preposition, Value: "from" } ? "from" : "to";
    }
}
