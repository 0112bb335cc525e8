using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Lexing;

/// <summary>
/// An intent to tokens: shapes first (numbers, durations, ranges, paths), then names of the catalog, then the lexicon, then the nearest name.
/// What is none of these stays a word without a concept, and somebody will have to ask about it. Where a word is several things, every
/// reading is given.
/// </summary>
internal sealed partial class Lexer(ServiceCatalog catalog)
{
    private const int MostReadings = 16;
    private static readonly ConditionalWeakTable<ServiceCatalog, Lexer> Lexers = [];

    private static readonly FrozenSet<string> Everyday = WordFiles.Set("everyday");

    private const int MostRemembered = 10_000;

    /// <summary>What unknown words are near to, which is dear to find.</summary>
    private readonly ConcurrentDictionary<string, ((TokenKind Kind, string Name, int Distance)? Near, string? Mistyped)> _nearest = new(StringComparer.Ordinal);

    private readonly Names _names = new(catalog);

    /// <summary>One a catalog: its names are read once.</summary>
    public static Lexer For(ServiceCatalog catalog) => Lexers.GetValue(catalog, c => new Lexer(c));

    /// <summary>Every reading, names of the catalog first. Times count from <paramref name="now"/>; <paramref name="isDocument"/> knows the names of policies.</summary>
    public List<List<Token>> Read(string text, DateTimeOffset now, Func<string, bool> isDocument) => [.. Readings(text, isDocument).Select(r => Folding.Fold(r, _names, now))];

    /// <summary>The first reading alone.</summary>
    public List<Token> First(string text, DateTimeOffset now, Func<string, bool> isDocument) => Folding.Fold(Readings(text, isDocument)[0], _names, now);

    private List<List<Token>> Readings(string text, Func<string, bool> isDocument)
    {
        text = Symbols.Blanked(text);
        text = Pieces.Arrows(text);
        // Shouting is no grammar: capitals name HTTP methods only where not everything is in capitals.
        var shouts = !text.Any(char.IsLower);
        var pieces = Pieces.Of(text).SelectMany(m => Split(m, shouts, isDocument, m.Index > 0 && !char.IsWhiteSpace(text[m.Index - 1]), IsNegative(text, m.Index), Before(text, m.Index))).ToList();
        var readings = new List<List<Token>> { new() };
        for (var i = 0; i < pieces.Count; i++)
        {
            var ways = Spoken(pieces, i).Concat(Ways(pieces, i).Select(t => (Token: t, Length: 1))).ToList();
            if (ways.Count == 1 || readings.Count * ways.Count > MostReadings) ways = [ways[0]];
            if (ways is [{ Length: 1 } only]) readings.ForEach(r => r.Add(only.Token));
            else if (ways[0].Length == 1) readings = [.. ways.SelectMany(w => readings.Select(r => r.Append(w.Token).ToList()))];
            else
            {
                // A spoken name covers several pieces, which may as well stand each for itself.
                var (name, length) = ways[0];
                readings = [.. readings.SelectMany(r => new[] { r.Append(name).ToList(), [.. r, .. pieces.GetRange(i, length)] })];
                i += length - 1;
            }
        }
        return readings;
    }

    /// <summary>Names of several words, the longest first: "price api".</summary>
    private IEnumerable<(Token Token, int Length)> Spoken(List<Token> pieces, int at)
    {
        for (var length = Math.Min(4, pieces.Count - at); length >= 2; length--)
        {
            var words = pieces.GetRange(at, length);
            if (words.Exists(w => w.Kind is TokenKind.Punctuation or TokenKind.Quoted or TokenKind.Path)) continue;
            if (_names.Find(string.Join('-', words.Select(w => Bare(w.Text.ToLowerInvariant())))) is [var (kind, name), ..])
            {
                // "orders v2" may be the version of a service just as well.
                var doubtful = words[0].Kind == TokenKind.Service && words[1].Kind == TokenKind.Version;
                yield return (new Token(kind, string.Join(' ', words.Select(w => w.Text)), words[0].Position) { Value = name, End = words[^1].End, IsGuess = doubtful }, length);
                yield break;
            }
        }
    }

    /// <summary>What one piece may be. A word for what it is ("the mirror service") settles it.</summary>
    private static IEnumerable<Token> Ways(List<Token> pieces, int at)
    {
        var token = pieces[at];
        if (token.Others.IsEmpty) return [token];
        var all = token.Others.Insert(0, token with { Others = [] });
        // "edge, the gateway": an article may stand between, where nothing but names could be meant.
        var skip = all.All(t => t.IsEntity) && pieces.ElementAtOrDefault(at + 1)?.Value is "the" ? 2 : 1;
        var noun = new[] { pieces.ElementAtOrDefault(at + skip), pieces.ElementAtOrDefault(at - 1) }.Select(t => t?.Concept switch
        {
            Concept.ServiceNoun => TokenKind.Service,
            Concept.VersionNoun => TokenKind.Version,
            Concept.GatewayNoun => TokenKind.Gateway,
            Concept.FleetNoun => TokenKind.Fleet,
            Concept.Policy or Concept.Route => TokenKind.Document,
            _ => TokenKind.Word,
        }).FirstOrDefault(k => k != TokenKind.Word);
        return all.FirstOrDefault(t => t.Kind == noun && noun != TokenKind.Word) is { } settled ? [settled] : token.Others.All(t => t.Kind == TokenKind.Document) ? [token with { Others = [] }] : all;
    }

    private IEnumerable<Token> Split(Match match, bool shouts, Func<string, bool> isDocument, bool glued, bool negative, string? before)
    {
        // "2,5 %" is 2.5 %, and ".5s" half a second.
        var (piece, at) = (Pieces.IsDecimalComma(match.Value) ? match.Value.Replace(',', '.') : match.Value.Length > 1 && match.Value[0] == '.' && char.IsAsciiDigit(match.Value[1]) ? "0" + match.Value : match.Value, match.Index);
        var word = piece.ToLowerInvariant();
        if (negative) return [new Token(TokenKind.Word, "-" + piece, at)];
        // "10/min/ip": whose they are, and no path.
        if (glued && Each().IsMatch(word) && !IsName(word[1..])) return [Of("per", at, shouts, isDocument) with { End = at + 1 }, Of(piece[1..], at + 1, shouts, isDocument)];
        // "200ms/2s" are two times.
        if (glued && word[0] == '/' && Duration.TryParse(word[1..], out _)) return [Of(piece[1..], at + 1, shouts, isDocument)];
        // "checkout/v2" is a version and no path.
        if (glued && word[0] == '/' && _names.Find(word[1..]).Any(n => n.Kind == TokenKind.Version)) return [Of(piece[1..], at + 1, shouts, isDocument)];
        // "5xx/reset/connect-failure": causes, and no path.
        if (glued && word[0] == '/' && before is { } cause && (Pieces.IsStatusClass(cause) || Causes.Contains(cause)) && word[1..].Split('/').All(w => Causes.Contains(w) || Pieces.IsStatusClass(w)))
            return word[1..].Split('/').SelectMany((w, i) => { var start = at + piece.IndexOf('/' + w, StringComparison.OrdinalIgnoreCase); return new[] { new Token(TokenKind.Punctuation, ",", start) { End = start + 1 }, Of(piece[(start - at + 1)..(start - at + 1 + w.Length)], start + 1, shouts, isDocument) }; });
        // "cart/orders: 2s" are two.
        if (glued && word[0] == '/' && word.IndexOf('/', 1) < 0 && IsName(word[1..]) && before is { } first && IsName(first)) return [new Token(TokenKind.Punctuation, ",", at) { End = at + 1 }, Of(piece[1..], at + 1, shouts, isDocument)];
        if (Pieces.AreShares(piece) && _names.Find(word).Count == 0)
        {
            var parts = piece.Split('/', ':', '-').Select(p => int.Parse(p.TrimEnd('%'), CultureInfo.InvariantCulture)).ToList();
            if (parts.Sum() == 100 && parts.Count > 1)
                return parts.Select((p, i) => new Token(TokenKind.Percent, $"{p}", at) { Value = $"{piece}#{i}", Share = Percentage.Of(p), End = at + piece.Length });
        }
        if (Pieces.Compound(word) is { } compound && _names.Find(word).Count == 0) return new[] { compound.Number, compound.Unit }.Select((p, i) => Of(p, at + i * (compound.Number.Length + 1), shouts, isDocument));
        if (Pieces.Rate(word) is { } rate && _names.Find(word).Count == 0)
            return [new Token(TokenKind.Rate, piece, at) { Number = Quantities.Thousands(rate.Number), Unit = Quantities.PerOf(Quantities.UnitOf(rate.Unit)) ?? default }];
        return [Of(piece, at, shouts, isDocument)];
    }

    private Token Of(string piece, int position, bool shouts, Func<string, bool> isDocument)
    {
        var word = piece.ToLowerInvariant();
        // As clients without a proxy call it: "xds:///cart".
        if (word.StartsWith("xds:///", StringComparison.Ordinal) && _names.Find(word[7..]).Where(n => n.Kind == TokenKind.Service).ToList() is [var target]) return new Token(TokenKind.Service, piece, position) { Value = target.Name };
        var names = _names.Find(Bare(word));
        var plain = Shape(piece, position, shouts) ?? Word(piece, position, isDocument);
        if (names.Count == 0) return plain.Kind != TokenKind.Document && isDocument(word) ? plain with { Others = [new Token(TokenKind.Document, piece, position)] } : plain;
        var ways = names.Select(n => new Token(n.Kind, piece, position) { Value = n.Name }).ToList();
        // What the lexicon or a shape says is another reading; "users" the service before users that mean nothing.
        var counts = plain.Kind != TokenKind.Word || plain.Concept is not (Concept.None or Concept.Foreign or Concept.Question) || Lexicon.LongestFrom(word) > 0;
        if (counts && !plain.IsGuess && plain.Kind != TokenKind.Document) ways.Add(plain with { IsWeak = plain.IsGlue || plain.Concept is Concept.Older or Concept.Newer or Concept.Canary && names.Any(n => n.Kind == TokenKind.Version) });
        return ways[0] with { Others = [.. ways.Skip(1)] };
    }

    /// <summary>What its letters alone say it is.</summary>
    private static Token? Shape(string piece, int position, bool shouts)
    {
        Token As(TokenKind kind) => new(kind, piece, position);
        var word = piece.ToLowerInvariant();
        if (piece.Length >= 2 && piece[0] is '"' or '“' or '`' || piece.Length >= 2 && piece[0] == '\'' && piece[^1] == '\'') return As(TokenKind.Quoted) with { Value = piece[1..^1] };
        if (!shouts && piece is ("GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT")) return As(TokenKind.Word) with { Concept = Concept.Method };
        if (piece is "GETs" or "POSTs" or "PUTs" or "DELETEs" or "PATCHes" or "PATCHs" or "HEADs") return new Token(TokenKind.Word, piece[..^(piece.EndsWith("es", StringComparison.Ordinal) ? 2 : 1)], position) { Concept = Concept.Method, End = position + piece.Length };
        if (piece is "->" or "→" or "=>" or "➡" or "➔" or "➜" or "⇒" or "⟶") return As(TokenKind.Word) with { Value = "to", Concept = Concept.Preposition };
        if (piece is "≤" or "<=") return As(TokenKind.Word) with { Value = "at most", Concept = Concept.AtMost };
        // The US is no "us".
        if (!shouts && piece is "US" or "IT") return As(TokenKind.Word);
        if (Pieces.IsPunctuation(piece)) return As(TokenKind.Punctuation);
        if (piece.StartsWith('/')) return As(TokenKind.Path) with { Value = piece.TrimEnd('…') is { Length: > 1 } below ? below : "/" };
        if (piece.Contains("://", StringComparison.Ordinal)) return As(TokenKind.Url);
        // Statuses as gRPC writes them.
        if (piece is "UNAVAILABLE" or "CANCELLED" or "DEADLINE_EXCEEDED" or "RESOURCE_EXHAUSTED" or "REFUSED_STREAM" || piece is "INTERNAL" && !shouts) return As(TokenKind.Word) with { Value = word.Replace('_', '-'), Concept = Concept.Failing };
        if (Cidr.TryParse(piece, out var range) && (piece.Count(c => c == '.') == 3 || piece.Contains(':'))) return As(TokenKind.Cidr) with { Range = range };
        if (DateTimeOffset.TryParseExact(piece.ToUpperInvariant(), ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return As(TokenKind.Time) with { Time = time.ToUniversalTime() };
        if (piece.EndsWith('%') && Percentage.TryParse(piece[0] == '.' ? "0" + piece : piece, out var share)) return As(TokenKind.Percent) with { Share = share };
        if (Duration.TryParse(word, out var duration)) return As(TokenKind.Duration) with { Duration = duration };
        if (Pieces.Durations(word) is { } parts) return As(TokenKind.Duration) with { Duration = parts.Aggregate(TimeSpan.Zero, (sum, p) => Duration.TryParse(p, out var d) ? sum + d : sum) };
        if (word.Length is 2 or 3 && word[^1] == 'x' && word[..^1].All(char.IsAsciiDigit)) return As(TokenKind.Number) with { Number = int.Parse(word[..^1], CultureInfo.InvariantCulture) };
        if (Pieces.IsStatusClass(word)) return As(TokenKind.Status) with { Value = word[..3] };
        if (Quantities.Thousands(word) is var number and >= 0) return As(TokenKind.Number) with { Number = number };
        return HeaderValues.IsName(word) ? As(TokenKind.HeaderName) : null;
    }

    private Token Word(string piece, int position, Func<string, bool> isDocument)
    {
        var word = piece.ToLowerInvariant();
        Token As(TokenKind kind) => new(kind, piece, position);
        if (word.Contains('-') && isDocument(word) && Lexicon.Of(word) == Concept.None) return As(TokenKind.Document);
        if (Lexicon.Of(word) is var concept and not Concept.None) return As(TokenKind.Word) with { Concept = concept };
        if (NumberWords.TryNumber(word, out var spelled)) return As(TokenKind.Number) with { Number = spelled };
        if (Bare(word) is var bare && bare != word && Lexicon.Of(bare) is var owned and not Concept.None) return As(TokenKind.Word) with { Value = bare, Concept = owned };
        if (_names.IsHost(word) || Pieces.IsHost(word)) return As(TokenKind.Host);
        if (Pieces.IsVersion(word)) return As(TokenKind.Version);
        if (word.Length < 4 || NumberWords.TryPart(word, out _) || NumberWords.TryScale(word, out _) || Lexicon.LongestFrom(word) > 0 || Times.Knows(word)) return As(TokenKind.Word);
        var everyday = Everyday.Contains(word);
        if (_nearest.Count > MostRemembered) _nearest.Clear();
        var (near, mistyped) = _nearest.GetOrAdd(word, w => (_names.Near(Bare(w)), everyday ? null : Typos.Meant(w)));
        // "one in ten checkouts": what a service does, counted.
        if (near is { Kind: TokenKind.Service } counted && (word == counted.Name + "s" || word == counted.Name + "es" || _names.Find(word.TrimEnd('s')).Any(n => n.Kind == TokenKind.Service && n.Name == counted.Name))) return As(TokenKind.Service) with { Value = counted.Name };
        if (everyday && near is not { Distance: 0 }) return As(TokenKind.Word);
        if (near is var (kind, name, distance) && (mistyped is null || distance == 0)) return As(kind) with { Value = name, IsGuess = true };
        return mistyped is not null && near is null or { Distance: > 1 } && mistyped is not null ? As(TokenKind.Word) with { Value = mistyped, Concept = Lexicon.Of(mistyped), IsGuess = true } : As(TokenKind.Word);
    }

    [GeneratedRegex("^/(?:ip|ips|client|clients|client-ip|caller|callers|address|x-[a-z-]+|user|users|customer|tenant)$")]
    private static partial Regex Each();

    private static readonly FrozenSet<string> Causes = FrozenSet.Create(StringComparer.Ordinal, "reset", "connect-failure", "unavailable", "cancelled", "refused-stream", "gateway-error", "deadline-exceeded", "resource-exhausted");

    private bool IsName(string word) => _names.Find(word).Any(n => n.Kind == TokenKind.Service);

    /// <summary>The word that ends where this begins; null where none does.</summary>
    private static string? Before(string text, int at)
    {
        var start = at;
        while (start > 0 && !char.IsWhiteSpace(text[start - 1]) && text[start - 1] is not ('/' or ',' or '(' or ';')) start--;
        return start < at ? text[start..at].ToLowerInvariant() : null;
    }

    /// <summary>"-5%": nothing here is less than nothing.</summary>
    private static bool IsNegative(string text, int at) => at > 0 && char.IsAsciiDigit(text[at]) && text[at - 1] is '-' or '−' && (at == 1 || char.IsWhiteSpace(text[at - 2]));

    /// <summary>"checkout's" is checkout.</summary>
    private static string Bare(string word) => word.EndsWith("'s", StringComparison.Ordinal) || word.EndsWith("’s", StringComparison.Ordinal) ? word[..^2] : word.EndsWith("s'", StringComparison.Ordinal) ? word[..^1] : word;
}
