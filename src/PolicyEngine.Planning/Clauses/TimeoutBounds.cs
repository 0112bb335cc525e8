using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Planning.Clauses;

/// <summary>Several bounds of one service at once: "request 12s, connect 1s", "8s / 45s / 400ms (request, idle, connect)".</summary>
internal static class TimeoutBounds
{
    public enum Bound { Request, Idle, Connect }

    /// <summary>Whether the clause names two bounds or more, each with its own time.</summary>
    public static bool AreIn(IReadOnlyList<Token> tokens) => Pairs(tokens) is { Count: > 1 };

    /// <summary>"request 12s", and nothing else but for what.</summary>
    public static bool IsOne(IReadOnlyList<Token> tokens) => tokens.Count(t => t.Kind == TokenKind.Duration) == 1 && tokens.Count(t => Of(t) == Bound.Request) == 1 && tokens.Any(t => t is { Concept: Concept.Request, Value: "request" })
        && tokens.All(t => t.Kind is TokenKind.Service or TokenKind.Duration or TokenKind.Punctuation || Of(t) == Bound.Request || t.Value is "to" or "of" or "for" or "on" or "the" or "at" or "is" or "and")
        && Beside(tokens, tokens.ToList().FindIndex(t => t.Kind == TokenKind.Duration), [.. tokens.Where(t => Of(t) is not null)]) is not null;

    /// <summary>The bounds, taken out of the phrase; null where there are none, or not each has its time.</summary>
    public static TimeoutSpec? Take(Phrase phrase, TimeoutSpec spec)
    {
        if (Pairs([.. phrase.Free]) is not { Count: > 1 } pairs) return null;
        foreach (var (bound, name, time) in pairs)
        {
            phrase.Mark(name);
            phrase.Mark(time);
            spec = bound switch
            {
                Bound.Idle => spec with { Idle = time.Duration },
                Bound.Connect => spec with { Connect = time.Duration },
                _ => spec with { Request = time.Duration },
            };
        }
        return spec;
    }

    private static List<(Bound Bound, Token Name, Token Time)>? Pairs(IReadOnlyList<Token> tokens)
    {
        var times = tokens.Where(t => t.Kind == TokenKind.Duration).ToList();
        var names = tokens.Where(t => Of(t) is not null).ToList();
        // "timeout 12s, connect 1s": what says no more is of the whole request.
        if (names.Count == times.Count - 1 && names.TrueForAll(n => Of(n) != Bound.Request) && tokens.Where((t, i) => IsPlain(t) && !(tokens.ElementAtOrDefault(i - 1) is { } before && Of(before) is not null)).ToList() is [var plain]) names = [.. names.Append(plain).OrderBy(n => n.Position)];
        if (times.Count < 2 || times.Count != names.Count || names.Select(Of).Distinct().Count() != names.Count || times.Exists(t => t.Duration <= TimeSpan.Zero)) return null;
        // First all of the one sort, then all of the other.
        if (times[^1].Position < names[0].Position || names[^1].Position < times[0].Position && times.Count > 1 && Listed(tokens, names) && Listed(tokens, times)) return [.. names.Zip(times, (n, t) => (Of(n) ?? Bound.Request, n, t))];
        var pairs = new List<(Bound, Token, Token)>();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind != TokenKind.Duration) continue;
            if (Beside(tokens, i, names) is not { } name || pairs.Exists(p => ReferenceEquals(p.Item2, name))) return null;
            pairs.Add((Of(name) ?? Bound.Request, name, tokens[i]));
        }
        return pairs;
    }

    /// <summary>The one name that stands at a time, with nothing between that says something else.</summary>
    private static Token? Beside(IReadOnlyList<Token> tokens, int at, List<Token> names)
    {
        Token? Towards(int step)
        {
            for (var i = at + step; i >= 0 && i < tokens.Count; i += step)
            {
                if (names.Contains(tokens[i])) return tokens[i];
                if (tokens[i].Text is "," or ";" or "." or "/" || tokens[i].Concept == Concept.Separator || !(tokens[i].IsGlue || tokens[i].Concept is Concept.Timeout or Concept.Set or Concept.AtMost or Concept.Limit)) return null;
            }
            return null;
        }
        var (before, after) = (Towards(-1), Towards(1));
        return before is not null && after is not null ? null : before ?? after;
    }

    private static bool Listed(IReadOnlyList<Token> tokens, List<Token> things) => tokens.Where(t => t.Position > things[0].Position && t.Position < things[^1].Position && !things.Contains(t)).All(t => t.Kind == TokenKind.Punctuation || t.Text == "/" || t.Concept is Concept.Separator or Concept.Filler or Concept.Timeout);

    private static bool IsPlain(Token token) => token is { Concept: Concept.Timeout, Value: "timeout" or "time-out" or "deadline" or "time limit" };

    private static Bound? Of(Token token) => token.Concept switch
    {
        Concept.Idle => Bound.Idle,
        Concept.Connect => Bound.Connect,
        Concept.Request when token.Value is "request" or "requests" or "call" => Bound.Request,
        Concept.Timeout when token.Value.Split(' ')[0] is "request" or "overall" or "total" or "response" or "end-to-end" => Bound.Request,
        _ when token is { Kind: TokenKind.Word, Value: "overall" or "total" } => Bound.Request,
        _ => null,
    };
}
