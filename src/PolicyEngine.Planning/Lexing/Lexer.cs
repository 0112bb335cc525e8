using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Lexing;

/// <summary>
/// An intent to tokens: shapes first (numbers, durations, ranges, paths), then names of the catalog, then the lexicon, then the nearest name
/// of the catalog. What is none of these stays a word without a concept, and somebody will have to ask about it.
/// </summary>
internal sealed partial class Lexer(ServiceCatalog catalog)
{
    private static readonly ConditionalWeakTable<ServiceCatalog, Lexer> Lexers = [];

    private readonly Dictionary<string, (TokenKind Kind, string Name)> _names = Names(catalog);

    /// <summary>One a catalog: its names are read once.</summary>
    public static Lexer For(ServiceCatalog catalog) => Lexers.GetValue(catalog, c => new Lexer(c));

    public List<Token> Read(string text)
    {
        // Shouting is no grammar: capitals name HTTP methods only where not everything is in capitals.
        var shouts = !text.Any(char.IsLower);
        var pieces = Piece().Matches(text).SelectMany(m => Shares(m) ?? [Of(m.Value, m.Index, shouts)]).ToList();
        return Folded(pieces);
    }

    /// <summary>"80/20" and "50/30/20" are shares of a whole.</summary>
    private static IEnumerable<Token>? Shares(Match piece)
    {
        if (!SharesOf().IsMatch(piece.Value)) return null;
        var parts = piece.Value.Split('/').Select(int.Parse).ToList();
        return parts.Sum() == 100 ? parts.Select(p => new Token(TokenKind.Percent, $"{p}", piece.Index) { Share = Percentage.Of(p) }) : null;
    }

    private Token Of(string piece, int position, bool shouts)
    {
        var word = piece.ToLowerInvariant();
        Token As(TokenKind kind) => new(kind, piece, position);
        if (piece.Length >= 2 && piece[0] is '"' or '\'' or '“') return As(TokenKind.Quoted) with { Value = piece[1..^1] };
        if (!shouts && piece is ("GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT")) return As(TokenKind.Word) with { Concept = Concept.Method };
        if (piece is "->" or "→" or "=>") return As(TokenKind.Word) with { Value = "to", Concept = Concept.Preposition };
        if (Punctuation().IsMatch(piece)) return As(TokenKind.Punctuation);
        if (piece.StartsWith('/')) return As(TokenKind.Path) with { Value = piece };
        if (Cidr.TryParse(piece, out var range) && piece.AsSpan().ContainsAny('.', ':') && (piece.Contains('/') || piece.Count(c => c == '.') == 3 || piece.Contains(':')))
            return As(TokenKind.Cidr) with { Range = range };
        if (DateTimeOffset.TryParseExact(piece.ToUpperInvariant(), ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return As(TokenKind.Time) with { Time = time.ToUniversalTime() };
        if (piece.EndsWith('%') && Percentage.TryParse(piece, out var share)) return As(TokenKind.Percent) with { Share = share };
        if (Duration.TryParse(word, out var duration)) return As(TokenKind.Duration) with { Duration = duration };
        if (_names.TryGetValue(word, out var entity)) return As(entity.Kind) with { Value = entity.Name };
        if (StatusClass().IsMatch(word)) return As(TokenKind.Status);
        if (decimal.TryParse(word.Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return As(TokenKind.Number) with { Number = number };
        if (word.StartsWith("x-", StringComparison.Ordinal) && word.Length > 2) return As(TokenKind.HeaderName);
        if (Lexicon.Of(word) is var concept and not Concept.None) return As(TokenKind.Word) with { Concept = concept };
        if (NumberWords.TryNumber(word, out var spelled)) return As(TokenKind.Number) with { Number = spelled };
        if (Rate().Match(word) is { Success: true } rate) return As(TokenKind.Word) with { Value = rate.Value };
        if (Host().IsMatch(word)) return As(TokenKind.Host);
        if (VersionLike().IsMatch(word)) return As(TokenKind.Version);
        return Guess(As(TokenKind.Word), word);
    }

    /// <summary>A name that was probably meant: near exactly one, and long enough that nearness says something.</summary>
    private Token Guess(Token token, string word)
    {
        if (word.Length < 4 || NumberWords.TryPart(word, out _)) return token;
        var near = Nearest.Words(word, _names.Keys.Where(n => n.Length >= 4 && Math.Abs(n.Length - word.Length) <= 2)).Where(n => Nearest.Distance(word, n) <= 2).ToList();
        if (near.Count != 1) return token;
        var (kind, name) = _names[near[0]];
        return token with { Kind = kind, Value = name, IsGuess = true };
    }

    /// <summary>Tokens that mean something together: "5 percent", "two seconds", "one in ten", "two thirds", "a quarter", "time out", "per try".</summary>
    private static List<Token> Folded(List<Token> tokens)
    {
        var folded = new List<Token>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var (token, next, third) = (tokens[i], tokens.ElementAtOrDefault(i + 1), tokens.ElementAtOrDefault(i + 2));
            if (Pair(token, next) is { } pair)
            {
                folded.Add(pair);
                i++;
            }
            else if (token.Kind == TokenKind.Number && third?.Kind == TokenKind.Number && third.Number > 0 && (next!.Is("in") || next.Is("of") && tokens.ElementAtOrDefault(i + 3) is not null && third.Number is 10 or 100 or 1000 && token.Number < third.Number))
            {
                folded.Add(token with { Kind = TokenKind.Percent, Share = NumberWords.Share(token.Number, third.Number), Text = $"{token.Text} {next.Text} {third.Text}" });
                i += 2;
            }
            else if (token.Kind == TokenKind.Word && NumberWords.TryPart(token.Value, out var part))
                folded.Add(token with { Kind = TokenKind.Percent, Share = NumberWords.Share(1, part) });
            else folded.Add(token);
        }
        return folded;
    }

    private static Token? Pair(Token token, Token? next)
    {
        if (next is null) return null;
        Token With(TokenKind kind) => token with { Kind = kind, Text = $"{token.Text} {next.Text}" };
        if (token.Kind == TokenKind.Number)
        {
            if ((next.Value is "%" or "percent" or "pct" or "per-cent") && Percentage.TryOf(token.Number, out var share)) return With(TokenKind.Percent) with { Share = share };
            if (next.Kind == TokenKind.Word && Unit(next.Value) is { } unit && token.Number is >= 0 and < 100_000_000)
                return With(TokenKind.Duration) with { Duration = TimeSpan.FromMilliseconds((double)(token.Number * (decimal)unit.TotalMilliseconds)), Number = token.Number };
            if (next.Kind == TokenKind.Word && NumberWords.TryPart(next.Value, out var part) && token.Number <= part) return With(TokenKind.Percent) with { Share = NumberWords.Share(token.Number, part) };
            if (next.Kind == TokenKind.Number && token.Number is >= 20 and < 100 && next.Number is > 0 and < 10 && !char.IsAsciiDigit(token.Text[0])) return With(TokenKind.Number) with { Number = token.Number + next.Number };
            if (next.Kind == TokenKind.Number && next.Value is "hundred" or "thousand") return With(TokenKind.Number) with { Number = token.Number * next.Number };
        }
        Token Word(string value, Concept concept) => With(TokenKind.Word) with { Value = value, Concept = concept };
        return (token.Value, next.Value) switch
        {
            ("time", "out") or ("times", "out") => Word("timeout", Concept.Timeout),
            ("per", "try" or "attempt") => Word("per-try", Concept.PerTry),
            ("each", "try" or "attempt") => Word("per-try", Concept.PerTry),
            ("rate", "limit" or "limits") => Word("limit", Concept.Limit),
            ("turn", "off") or ("switch", "off") => Word("stop", Concept.Stop),
            ("roll", "back") or ("rolled", "back") => Word("rollback", Concept.Undo),
            ("slow", "down") => Word("delay", Concept.Delay),
            ("two" or "half", "a" or "an") when token.Value == "half" => With(TokenKind.Percent) with { Share = NumberWords.Share(1, 2) },
            ("a" or "an", "half" or "third" or "quarter" or "fifth" or "tenth") when NumberWords.TryPart(next.Value, out var part) => With(TokenKind.Percent) with { Share = NumberWords.Share(1, part) },
            _ => null,
        };
    }

    private static TimeSpan? Unit(string word) => word switch
    {
        "ms" or "millisecond" or "milliseconds" or "msec" => TimeSpan.FromMilliseconds(1),
        "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.FromSeconds(1),
        "min" or "mins" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
        "h" or "hour" or "hours" => TimeSpan.FromHours(1),
        "day" or "days" => TimeSpan.FromDays(1),
        _ => null,
    };

    private static Dictionary<string, (TokenKind, string)> Names(ServiceCatalog catalog)
    {
        var names = new Dictionary<string, (TokenKind, string)>(StringComparer.Ordinal);
        foreach (var (name, service) in catalog.Services)
        {
            names[name] = (TokenKind.Service, name);
            foreach (var alias in service.Aliases) names.TryAdd(alias.ToLowerInvariant(), (TokenKind.Service, name));
            if (name.Contains('-')) names.TryAdd(name.Replace('-', '_'), (TokenKind.Service, name));
        }
        foreach (var version in catalog.Services.Values.SelectMany(s => s.Versions)) names.TryAdd(version.Name, (TokenKind.Version, version.Name));
        foreach (var name in catalog.Gateways.Keys) names.TryAdd(name, (TokenKind.Gateway, name));
        foreach (var name in catalog.Fleets.Keys) names.TryAdd(name, (TokenKind.Fleet, name));
        return names;
    }

    [GeneratedRegex("""["“][^"”]*["”]|->|→|=>|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt][0-9:]+(?:[Zz]|[+-][0-9:]+)?)?|(?:[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:/[0-9]+)?)|[0-9]{1,3}(?:/[0-9]{1,3})+(?![0-9./])|/[^\s,;"']*[^\s,;"'.!?]|/(?=\s|$)|[0-9]+(?:\.[0-9]+)?\s?%|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)+(?:/[0-9]+)?|[\p{L}\p{N}*][\p{L}\p{N}_*'’-]*(?:\.[\p{L}\p{N}][\p{L}\p{N}_-]*)*(?:/(?:s|sec|second|m|min|minute|h|hour|d|day)\b)?|\S""")]
    private static partial Regex Piece();

    [GeneratedRegex(@"^[,;.:!?=()\[\]&+|-]$")]
    private static partial Regex Punctuation();

    [GeneratedRegex("^[0-9]{1,3}(/[0-9]{1,3})+$")]
    private static partial Regex SharesOf();

    [GeneratedRegex("^[1-5]xx$")]
    private static partial Regex StatusClass();

    [GeneratedRegex("^(rps|rpm|qps|req/s|requests/(s|sec|second|m|min|minute|h|hour|d|day)|reqs)$")]
    private static partial Regex Rate();

    [GeneratedRegex(@"^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$")]
    private static partial Regex Host();

    [GeneratedRegex(@"^v[0-9]+(\.[0-9]+)*$")]
    private static partial Regex VersionLike();
}
