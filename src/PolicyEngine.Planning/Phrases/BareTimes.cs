using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>"cart 2s", "2s for POST on cart", "cart 2s and orders 3s": requests, times, and not a word of what they are: how long a request may take. Only where the whole intent says no more.</summary>
internal static class BareTimes
{
    /// <summary>With the word that is left out, before what it is of: "for two hours, cart gets 5s" begins with how long that holds.</summary>
    public static List<Token> Named(List<Token> tokens)
    {
        var at = Enumerable.Range(0, tokens.Count).First(i => tokens[i].Kind is TokenKind.Service or TokenKind.Path or TokenKind.Gateway or TokenKind.Fleet or TokenKind.Host || tokens[i].Kind == TokenKind.Duration && !Ending.IsSpan(tokens, i));
        return [.. tokens.Take(at), new Token(TokenKind.Word, "timeout", tokens[at].Position) { Concept = Concept.Timeout, End = tokens[at].Position }, .. tokens.Skip(at)];
    }

    public static bool Are(IReadOnlyList<Token> tokens, Draft draft)
    {
        if (draft.Last is not null || !tokens.Where((t, i) => t.Kind == TokenKind.Duration && !Ending.IsSpan(tokens, i)).Any() || !tokens.Any(t => t.Kind is TokenKind.Service or TokenKind.Path or TokenKind.Gateway or TokenKind.Fleet or TokenKind.Host)) return false;
        if (tokens.Any(t => t.Value is "has" or "have") && !tokens.Any(t => t.Value is "should" or "may" or "could" or "can")) return false;
        // "set cart to 2s"; but "set 2s on cart" might be a delay.
        if (tokens.Any(t => t.Concept == Concept.Set && t.Value is "set" or "put" or "sets") && !tokens.Where((t, i) => t.Kind == TokenKind.Duration && !Ending.IsSpan(tokens, i)).All(d => tokens.TakeWhile(t => !ReferenceEquals(t, d)).LastOrDefault(t => t.Concept != Concept.Filler) is { Value: "to" or "at" })) return false;
        var each = tokens.Count > 1 && tokens[^1] is { Concept: Concept.Per, Value: "each" or "apiece" };
        return tokens.Where((t, i) => !(each && i == tokens.Count - 1)).All(Says) && tokens.Select((t, i) => (t, i)).Where(p => p.t.Kind == TokenKind.Duration && !Ending.IsSpan(tokens, p.i)).All(p => IsBare(tokens, p.i));
    }

    private static bool Says(Token token) => token.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet or TokenKind.Host or TokenKind.Duration or TokenKind.Path or TokenKind.HeaderName or TokenKind.Quoted or TokenKind.Time && !token.IsGuess
        || token.Kind is TokenKind.Punctuation && token.Text is not ("?" or "+")
        || token.Kind == TokenKind.Word && (token.Concept is Concept.Method or Concept.Header or Concept.Cookie or Concept.Present or Concept.Separator or Concept.Next or Concept.Until or Concept.Temporary or Concept.GatewayNoun or Concept.FleetNoun || token is { Concept: Concept.Fully, Value: "all" or "everything" or "all of" or "whole" } || token is { Concept: Concept.Request, Value: "request" or "requests" or "call" or "calls" } || token.Concept == Concept.Set && token.Value is "set" or "put" or "sets" || token.Value is "go" or "in general" or "generally" or "let's" or "to be" || token.Value is "the" or "a" or "on" or "for" or "to" or "of" or "with" or "please" or "pls" or "plz" or "all" or "now" or "service" or "under" or "below" or "both" or "via" or "through" or "at" or "but" or "thanks" or "is" or "gets" or "get" or "has" or "have" or "should" or "may" or "could" or "can" or "during");

    /// <summary>Neither how long something holds nor when it happens.</summary>
    private static bool IsBare(IReadOnlyList<Token> tokens, int at) => tokens[at].Duration < TimeSpan.FromHours(1) && tokens.Take(at).LastOrDefault(t => t.Concept is not Concept.Filler) is not { Concept: Concept.Preposition, Value: not ("to" or "at") } && tokens.ElementAtOrDefault(at + 1) is null or { IsGlue: true } or { IsEntity: true } or { Kind: TokenKind.Path } or { Concept: Concept.Per or Concept.Method };
}
