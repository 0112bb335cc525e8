using System.Globalization;

namespace PolicyEngine.Planning.Lexing;

/// <summary>"rates 3 seconds, kyc 5", "cap login at 50 rps and kyc at 20": a unit that is said once is of every service's number.</summary>
internal static class SharedUnits
{
    public static List<Token> Read(List<Token> tokens)
    {
        var units = tokens.Where(t => t.Kind is TokenKind.Duration or TokenKind.Rate).ToList();
        var numbers = tokens.Where(t => t.Kind == TokenKind.Number && t.Value is not ("no" or "once" or "twice" or "thrice")).ToList();
        var services = tokens.Where(t => t.Kind == TokenKind.Service).Select(t => t.Value).Distinct().Count();
        if (units.Count == 0 || numbers.Count == 0 || services < 2 || units.Count + numbers.Count != services || tokens.Exists(t => t.Concept is Concept.Retry or Concept.PerTry or Concept.Times or Concept.Burst or Concept.Delay or Concept.Abort or Concept.Failing or Concept.Answer or Concept.InsteadOf || t.Kind is TokenKind.Percent or TokenKind.Status or TokenKind.Version or TokenKind.HeaderName or TokenKind.Time)) return tokens;
        var kind = units[0].Kind;
        if (units.Exists(u => u.Kind != kind) || !tokens.TrueForAll(t => t.Kind != TokenKind.Number || !numbers.Contains(t) || OwnerOf(tokens, t) is not null) || !units.TrueForAll(u => OwnerOf(tokens, u) is not null)
            || numbers.Concat(units).Select(t => OwnerOf(tokens, t)).Distinct().Count() != services) return tokens;
        if (kind == TokenKind.Rate) return units.Select(u => u.Unit).Distinct().Count() != 1 ? tokens : [.. tokens.Select(t => numbers.Contains(t) ? t with { Kind = TokenKind.Rate, Unit = units[0].Unit } : t)];
        var each = units.Select(UnitOf).Distinct().ToList();
        return each is [{ } unit] ? [.. tokens.Select(t => numbers.Contains(t) ? t with { Kind = TokenKind.Duration, Duration = unit * (double)t.Number } : t)] : tokens;
    }

    /// <summary>One second of "40s" and "40 seconds".</summary>
    private static TimeSpan? UnitOf(Token token)
    {
        var digits = string.Concat(token.Text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
        var number = token.Number > 0 ? token.Number : decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var read) ? read : 0;
        return number > 0 && token.Duration / (double)number is var unit && (unit == TimeSpan.FromMilliseconds(1) || unit == TimeSpan.FromSeconds(1) || unit == TimeSpan.FromMinutes(1) || unit == TimeSpan.FromHours(1)) ? unit : null;
    }

    /// <summary>The service that a value is of: the one before it, or behind "for".</summary>
    private static string? OwnerOf(List<Token> tokens, Token value)
    {
        var at = tokens.FindIndex(t => ReferenceEquals(t, value));
        var next = tokens.ElementAtOrDefault(at + 1);
        if (next is { Value: "for" or "on" or "in" or "to" })
        {
            var behind = at + 2;
            while (tokens.ElementAtOrDefault(behind) is { Concept: Concept.Filler or Concept.ServiceNoun } or { Value: "case" or "of" }) behind++;
            if (tokens.ElementAtOrDefault(behind) is { Kind: TokenKind.Service } of) return of.Value;
        }
        if (next is not null && next.Kind != TokenKind.Punctuation && next.Concept is not (Concept.Separator or Concept.Filler or Concept.Timeout or Concept.Limit or Concept.Request or Concept.AtMost) && next.Value is not ("as" or "each")) return null;
        var before = at - 1;
        while (before >= 0 && (tokens[before].Concept is Concept.Filler or Concept.AtMost or Concept.Set or Concept.Limit or Concept.Timeout or Concept.ServiceNoun or Concept.Request || tokens[before].Value is "at" or "to" or "with" or "of" or "make" or "do" or "gets" || tokens[before].Text is ":" or "=" or "→" or "->")) before--;
        return before >= 0 && tokens[before] is { Kind: TokenKind.Service } owner ? owner.Value : null;
    }
}
