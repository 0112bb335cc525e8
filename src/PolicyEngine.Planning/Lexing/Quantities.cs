using System.Collections.Frozen;
using System.Globalization;
using PolicyEngine.Ir;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Lexing;

/// <summary>Numbers with what they count: percents, shares, points, durations, rates.</summary>
internal static class Quantities
{
    /// <summary>"100", "1,000", "10k"; −1 for anything else.</summary>
    public static decimal Thousands(string word)
    {
        var scale = word.EndsWith('k') && word.Length > 1 ? 1_000m : 1m;
        return decimal.TryParse(word.TrimEnd('k').Replace(",", "", StringComparison.Ordinal), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1_000_000_000_000 ? number * scale : -1;
    }

    /// <summary>The unit that a short form stands for: "s", "rps", "req/min".</summary>
    public static Concept UnitOf(string word) => word switch
    {
        "s" => Concept.Second,
        "m" => Concept.Minute,
        "h" => Concept.Hour,
        "d" => Concept.Day,
        _ => Lexicon.Of(word),
    };

    public static RateUnit? PerOf(Concept concept) => concept switch
    {
        Concept.Second => RateUnit.Second,
        Concept.Minute => RateUnit.Minute,
        Concept.Hour => RateUnit.Hour,
        Concept.Day => RateUnit.Day,
        _ => null,
    };

    /// <summary>The token that begins here and how many it takes; null where nothing of the kind begins.</summary>
    public static (Token Token, int Length)? At(List<Token> tokens, int i) =>
        Fraction(tokens, i) ?? Part(tokens, i) ?? Amount(tokens, i) ?? Single(tokens, i);

    /// <summary>"1/3 of", and "a single retry", which is one.</summary>
    private static (Token, int)? Fraction(List<Token> tokens, int i)
    {
        if (tokens[i] is { Kind: TokenKind.Word, Value: "single" } && tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Retry or Concept.Times }) return (tokens[i] with { Kind = TokenKind.Number, Number = 1, Concept = Concept.None }, 1);
        // "two-thirds".
        if (tokens[i].Kind == TokenKind.Word && tokens[i].Value.Split('-') is [var some, var parts] && NumberWords.TryNumber(some, out var few) && NumberWords.TryPart(parts, out var whole) && few >= 1 && few < whole) return (tokens[i] with { Kind = TokenKind.Percent, Share = NumberWords.Share(few, whole), Concept = Concept.None }, 1);
        if (tokens[i].Kind != TokenKind.Word || tokens.ElementAtOrDefault(i + 1)?.Value != "of" || tokens[i].Text.Split('/') is not [var above, var below] || !int.TryParse(above, out var n) || !int.TryParse(below, out var m) || n < 1 || m < 2 || n >= m) return null;
        return (tokens[i] with { Kind = TokenKind.Percent, Share = NumberWords.Share(n, m), Concept = Concept.None }, 1);
    }

    /// <summary>"half", "three quarters of", "one in ten", "every tenth", "half a second", "half a percent".</summary>
    private static (Token, int)? Part(List<Token> tokens, int i)
    {
        if (tokens[i].Value == "every" && tokens.ElementAtOrDefault(i + 1) is { } nth && nth.Value.Length > 2 && nth.Value[^2..] is "st" or "nd" or "rd" or "th" && int.TryParse(nth.Value[..^2], out var each) && each >= 2)
            return (Joined(tokens, i, 2, TokenKind.Percent) with { Share = NumberWords.Share(1, each) }, 2);
        var at = i;
        decimal numerator = 1;
        if (Numerals.At(tokens, i) is var (n, length) && tokens.ElementAtOrDefault(i + length) is { } after)
        {
            if (NumberWords.TryPart(after.Value, out _) && after.Kind == TokenKind.Word) (numerator, at) = (n, i + length);
            else
            {
                // "one request in a hundred".
                var named = after.Concept == Concept.Request ? 1 : 0;
                var span = tokens.Skip(i + length + named).Take(4).Select(t => t.Value).ToList();
                var skip = span switch
                {
                    ["in", "every", ..] => 2,
                    ["out", "of", "every", ..] => 3,
                    ["out", "of", ..] => 2,
                    ["in", ..] => 1,
                    ["of", "every", ..] => 2,
                    _ => 0,
                };
                if (skip > 0) skip += named;
                if (skip > 0 && Numerals.At(tokens, i + length + skip) is var (whole, more) && whole >= 2 && n <= whole && tokens.ElementAtOrDefault(i + length + skip + more) is var next && (next is null || PerOf(next.Concept) is null && next.Concept != Concept.Week))
                    return (Joined(tokens, i, length + skip + more, TokenKind.Percent) with { Share = NumberWords.Share(n, whole) }, length + skip + more);
                return null;
            }
        }
        else if (tokens[i].Value is "a" or "an" or "one" or "every" && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Word } second && NumberWords.TryPart(second.Value, out _)) at = i + 1;
        if (tokens[at].Kind != TokenKind.Word || !NumberWords.TryPart(tokens[at].Value, out var parts)) return null;
        var behind = at + 1;
        while (behind < tokens.Count && tokens[behind].Value is "a" or "an" or "of") behind++;
        var unit = tokens.ElementAtOrDefault(behind);
        // "half a million" is a number.
        if (behind > at + 1 && unit is { Kind: TokenKind.Word } && NumberWords.TryScale(unit.Value, out _)) return null;
        if (unit is not null && unit.Kind == TokenKind.Word && Span(unit) is { } size && (tokens[at].Value is not "second") && (behind > at + 1 || parts <= 4))
            return (Joined(tokens, i, behind - i + 1, TokenKind.Duration) with { Duration = TimeSpan.FromMilliseconds((long)(size.TotalMilliseconds * (double)numerator / parts)) }, behind - i + 1);
        if (unit is not null && behind > at + 1 && IsPercent(unit) && Percentage.TryOf(numerator / parts, out var small)) return (Joined(tokens, i, behind - i + 1, TokenKind.Percent) with { Share = small }, behind - i + 1);
        if (numerator > parts) return null;
        return (Joined(tokens, i, at - i + 1, TokenKind.Percent) with { Share = NumberWords.Share(numerator, parts) }, at - i + 1);
    }

    /// <summary>A number and its unit: "five percent", "10 percentage points", "100 requests per minute", "two and a half seconds".</summary>
    private static (Token, int)? Amount(List<Token> tokens, int i)
    {
        // "a request a second".
        if (tokens[i].Value is "a" or "an" && tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Request, Value: "request" or "call" or "hit" or "query" } && Rate(tokens, i + 1) is var (each, stop)) return (Joined(tokens, i, stop - i, TokenKind.Rate) with { Number = 1, Unit = each }, stop - i);
        if (Numerals.At(tokens, i) is not var (number, length)) return null;
        var rest = i + length;
        if (tokens.ElementAtOrDefault(rest)?.Value == "and" && tokens.ElementAtOrDefault(rest + 1)?.Value == "a" && tokens.ElementAtOrDefault(rest + 2)?.Value == "half") (number, rest) = (number + 0.5m, rest + 3);
        else if (tokens.ElementAtOrDefault(rest)?.Value == "and" && tokens.ElementAtOrDefault(rest + 1)?.Value == "a" && tokens.ElementAtOrDefault(rest + 2)?.Value == "quarter" && tokens.ElementAtOrDefault(rest + 3) is { Kind: TokenKind.Word } whole && Span(whole) is not null) (number, rest) = (number + 0.25m, rest + 3);
        // "one and a half thousand".
        if (rest > i + length && tokens.ElementAtOrDefault(rest) is { Kind: TokenKind.Word } great && NumberWords.TryScale(great.Value, out var scale)) (number, rest) = (number * scale, rest + 1);
        Token Of(TokenKind kind, int end) => Joined(tokens, i, end - i, kind) with { Number = number };
        var next = tokens.ElementAtOrDefault(rest);
        if (next is not null)
        {
            var points = next.Value is "points" or "point" or "pp" or "pts" or "pps" ? 1 : IsPercent(next) || next.Value is "percentage" or "%-points" ? tokens.ElementAtOrDefault(rest + 1)?.Value is "points" or "point" ? 2 : next.Value == "%-points" ? 1 : 0 : 0;
            if (points > 0 && Percentage.TryOf(number, out var pp)) return (Of(TokenKind.Points, rest + points) with { Share = pp }, rest + points - i);
            // "ten percent and a half".
            if (IsPercent(next) && tokens.ElementAtOrDefault(rest + 1)?.Value == "and" && tokens.ElementAtOrDefault(rest + 2)?.Value == "a" && tokens.ElementAtOrDefault(rest + 3)?.Value == "half" && Percentage.TryOf(number + 0.5m, out var andHalf)) return (Of(TokenKind.Percent, rest + 4) with { Share = andHalf }, rest + 4 - i);
            if (IsPercent(next) && Percentage.TryOf(number, out var share)) return (Of(TokenKind.Percent, rest + 1) with { Share = share }, rest + 1 - i);
            if (next.Value == "per" && tokens.ElementAtOrDefault(rest + 1)?.Value is "cent" && Percentage.TryOf(number, out var cent)) return (Of(TokenKind.Percent, rest + 2) with { Share = cent }, rest + 2 - i);
            // "1.000 requests" are a thousand: there are no thousandths of one.
            if (Rate(tokens, rest) is var (unit, end)) return length == 1 && tokens[i].Text.Split('.') is [{ Length: <= 3 } most, { Length: 3 }] && most != "0" ? (Of(TokenKind.Rate, end) with { Number = number * 1000, Unit = unit }, end - i) : (Of(TokenKind.Rate, end) with { Unit = unit }, end - i);
            if (next.Kind == TokenKind.Word && Span(next) is { } span && number < 100_000_000)
            {
                // "1.500 ms" are a thousand and a half; of "1.5 ms" nobody can say the half.
                if (span == TimeSpan.FromMilliseconds(1) && number != decimal.Truncate(number))
                {
                    if (length != 1 || tokens[i].Text.Split('.') is not [{ Length: <= 3 } thousands, { Length: 3 }] || thousands == "0") return null;
                    number *= 1000;
                }
                var total = TimeSpan.FromMilliseconds((double)(number * (decimal)span.TotalMilliseconds));
                var last = rest + 1;
                // "1 minute 30 seconds", "a minute and a half".
                if (tokens.ElementAtOrDefault(last)?.Value == "and" && tokens.ElementAtOrDefault(last + 1)?.Value == "a" && tokens.ElementAtOrDefault(last + 2)?.Value == "half") (total, last) = (total + span / 2, last + 3);
                else if (Numerals.At(tokens, last) is var (few, more) && tokens.ElementAtOrDefault(last + more) is { Kind: TokenKind.Word } lesser && Span(lesser) is { } smaller && smaller < span) (total, last) = (total + (double)few * smaller, last + more + 1);
                return (Of(TokenKind.Duration, last) with { Duration = total }, last - i);
            }
        }
        return length > 1 ? (Of(TokenKind.Number, i + length), length) : null;
    }

    /// <summary>"a minute", "an hour and a half", "next hour" (the hour of it).</summary>
    private static (Token, int)? Single(List<Token> tokens, int i)
    {
        var article = tokens[i].Value is "a" or "an";
        if (tokens[i].Kind == TokenKind.Percent && tokens.ElementAtOrDefault(i + 1)?.Value is "points" or "point") return (Joined(tokens, i, 2, TokenKind.Points) with { Share = tokens[i].Share }, 2);
        if (article && tokens.ElementAtOrDefault(i + 1)?.Concept is Concept.Next) return null;
        var at = article ? i + 1 : i;
        // "a full minute".
        if (article && !(i > 0 && tokens[i - 1].Concept == Concept.InsteadOf) && tokens.ElementAtOrDefault(at)?.Value is "full" or "whole" or "entire" or "good" or "single" && tokens.ElementAtOrDefault(at + 1) is { Kind: TokenKind.Word } after && Span(after) is not null) at++;
        if (!article && (i == 0 || tokens[i - 1].Concept != Concept.Next)) return null;
        if (tokens.ElementAtOrDefault(at) is not { Kind: TokenKind.Word } unit || Span(unit) is not { } span) return null;
        if (article && i > 0 && tokens[i - 1].Concept is Concept.Request or Concept.Client || article && Lexicon.Of(unit.Value) == Concept.None && unit.Value.Length < 2) return null;
        var end = at + 1;
        if (tokens.ElementAtOrDefault(end)?.Value == "and" && tokens.ElementAtOrDefault(end + 1)?.Value == "a" && tokens.ElementAtOrDefault(end + 2)?.Value is "half" or "quarter") (span, end) = (span * (tokens[end + 2].Value == "half" ? 1.5 : 1.25), end + 3);
        return (Joined(tokens, i, end - i, TokenKind.Duration) with { Duration = span }, end - i);
    }

    private static readonly FrozenSet<string> Counted = FrozenSet.Create(StringComparer.Ordinal,
        "hits", "checks", "lookups", "operations", "transactions", "jobs", "messages", "events", "pages", "views", "visits", "searches", "submissions", "invocations", "interactions", "logins", "sign-ins", "signups", "purchases", "downloads");

    /// <summary>"requests per minute", "a second", "rps": the unit and where it ends.</summary>
    private static (RateUnit Unit, int End)? Rate(List<Token> tokens, int at)
    {
        var i = at;
        // Whatever is counted: "5 attempts a minute". Tokens, bytes and connections are no requests.
        if (tokens.ElementAtOrDefault(i) is { Kind: TokenKind.Word } counted && (counted.Concept == Concept.Request || counted.Value is "times" or "attempts" or "tries" || Counted.Contains(counted.Value))) i++;
        if (tokens.ElementAtOrDefault(i) is { Kind: TokenKind.Word } word && IsRateWord(word.Value) && PerOf(word.Concept) is { } glued) return (glued, i + 1);
        if (tokens.ElementAtOrDefault(i) is not { } per || !(per.Value is "per" or "a" or "an" or "each" or "every" or "in" or "/" || per.Value == "any")) return null;
        i++;
        if (per.Value == "in" && tokens.ElementAtOrDefault(i)?.Value is "a" or "any" or "one" or "each" or "every") i++;
        else if (per.Value == "in") return null;
        // "per 1 minute".
        if (tokens.ElementAtOrDefault(i) is { Kind: TokenKind.Number, Number: 1 } && tokens.ElementAtOrDefault(i + 1) is { Kind: TokenKind.Word }) i++;
        return tokens.ElementAtOrDefault(i) is { Kind: TokenKind.Word } unit && PerOf(unit.Concept == Concept.None ? UnitOf(unit.Value) : unit.Concept) is { } found && !IsRateWord(unit.Value) ? (found, i + 1) : null;
    }

    private static bool IsRateWord(string word) => word is "rps" or "qps" or "tps" or "rpm" or "rph" or "per-second" or "per-minute" or "per-hour" or "per-day" || word.Contains('/');

    private static bool IsPercent(Token token) => token.Value is "%" or "percent" or "pct" or "per-cent" or "percents" or "pc";

    private static TimeSpan? Span(Token token) => token.Value switch
    {
        "ms" or "millisecond" or "milliseconds" or "msec" or "msecs" or "millis" => TimeSpan.FromMilliseconds(1),
        "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.FromSeconds(1),
        "m" or "min" or "mins" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
        "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.FromHours(1),
        "day" or "days" => TimeSpan.FromDays(1),
        "fortnight" => TimeSpan.FromDays(14),
        "week" or "weeks" => TimeSpan.FromDays(7),
        _ => null,
    };

    private static Token Joined(List<Token> tokens, int at, int length, TokenKind kind)
    {
        var text = string.Join(' ', tokens.Skip(at).Take(length).Select(t => t.Text));
        return new Token(kind, text, tokens[at].Position) { End = tokens[at + length - 1].End, Number = tokens[at].Number };
    }
}
