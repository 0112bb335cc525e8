using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"No tenant should do more than 15 a second. The tenant is in x-tenant-id.": whom "each" is said of, and the header that tells them apart.</summary>
internal static class RateLimitCallers
{
    /// <summary>What a header's name has beside the noun: of "x-tenant-id" it is the tenant.</summary>
    private static readonly string[] Tails = ["id", "key", "no", "number", "name", "token", "code", "ref"];

    /// <summary>The header whose name has the noun that "each" or "no" is said of; null where none is.</summary>
    public static Token? HeaderOf(Phrase phrase)
    {
        if (Header(phrase) is not { } header) return null;
        foreach (var each in phrase.Tokens)
        {
            if (Noun(phrase, each) is not { } noun || !IsOf(noun, header)) continue;
            foreach (var token in phrase.Tokens.Where(t => ReferenceEquals(t, each) || ReferenceEquals(t, header) || IsEach(t) || IsOf(t, header)).ToList()) phrase.Mark(token);
            phrase.TakeAll(Concept.Header, Concept.Per);
            return header;
        }
        return null;
    }

    /// <summary>"each app 800 a minute", with a header that may tell them apart or narrow the requests.</summary>
    public static bool IsInDoubt(Phrase phrase) => Header(phrase) is { } header && phrase.Governor(header) is not { Concept: Concept.Without or Concept.Present } && phrase.Tokens.Any(t => IsEach(t) && !phrase.IsTaken(t) && phrase.After(t) is { Kind: TokenKind.Word, Concept: Concept.None or Concept.User or Concept.Foreign });

    /// <summary>"visitors are each entitled to 240 a minute".</summary>
    public static Token? Visitors(Phrase phrase) => phrase.Tokens.FirstOrDefault(t => t.Value is "visitors") is { } visitors && Each(phrase) is not null ? visitors : null;

    /// <summary>An "each" that belongs to no name and no unit: of whom is it said?</summary>
    public static Token? Each(Phrase phrase) => phrase.Free.FirstOrDefault(t => t.Value is "each" or "apiece" or "individually" or "separately" && phrase.After(t) is null or { Kind: TokenKind.Punctuation } or { Kind: TokenKind.Rate } or { Kind: TokenKind.Word, Concept: Concept.Allow or Concept.Set or Concept.AtMost or Concept.Limit or Concept.Filler });

    /// <summary>"one address", "a client", "the same caller": each of them by itself, where no addresses are named.</summary>
    public static bool IsOne(Phrase phrase, Token client)
    {
        // "for one client only": which one?
        if (phrase.After(client) is { Concept: Concept.Only } || phrase.Before(client, 2) is { Concept: Concept.Only }) return false;
        if (phrase.Has(TokenKind.Cidr) || client.Value.EndsWith('s') && !client.Value.EndsWith("address", StringComparison.Ordinal)) return false;
        var one = phrase.Before(client);
        while (one is { Value: "single" or "given" or "particular" or "individual" or "same" or "source" or "other" or "distinct" or "different" or "the" or "the same" or "and" } && phrase.Before(one) is { } before) one = one.Value is "the same" or "same" or "particular" or "given" ? Marked(phrase, one, before) : before;
        if (one is not { Value: "a" or "an" or "one" or "any" or "every" or "each" or "per" or "the same" or "from" or "by" or "for" or "a single" or "any single" or "any one" or "any given" or "not one" }) return false;
        if (one.Value is "from" or "by" or "for") return phrase.Tokens.Any(t => t.Value is "same" or "the same" or "particular" or "single" && phrase.IsTaken(t));
        if (one.Concept != Concept.Filler) phrase.Mark(one);
        return true;
    }

    private static Token Marked(Phrase phrase, Token said, Token before)
    {
        phrase.Mark(said);
        return before;
    }

    private static bool IsEach(Token token) => token.Concept == Concept.Per && token.Value is "each" or "every" or "any" or "per" or "for each" or "for every" or "any single" or "any one" or "any given" or "single" or "individual" or "apiece" or "per each";

    /// <summary>What stands behind "each", "no", "one".</summary>
    private static Token? Noun(Phrase phrase, Token each)
    {
        if (each.Concept == Concept.Not && each.Value is "no user") return each with { Value = "user" };
        if (!IsEach(each) && each.Value is not ("no" or "one" or "a single")) return null;
        var next = phrase.After(each);
        while (next is { Value: "single" or "individual" or "distinct" or "different" or "one" or "given" or "other" or "separate" }) next = phrase.After(next);
        return next;
    }

    /// <summary>The only header of the clause, where nothing is said of its value.</summary>
    private static Token? Header(Phrase phrase) => phrase.Tokens.Where(t => t.Kind == TokenKind.HeaderName).ToList() is [var header] && !phrase.IsTaken(header) && phrase.After(header) is not ({ Text: ":" or "=" } or { Kind: TokenKind.Quoted }) ? header : null;

    private static bool IsOf(Token token, Token header)
    {
        if (token.Kind is not (TokenKind.Word or TokenKind.Service or TokenKind.Gateway) || token.Kind != TokenKind.Word && !token.IsGuess) return false;
        var parts = header.Value.Split('-').Where(p => p != "x").ToList();
        var words = (token.Kind == TokenKind.Word ? token.Value : token.Text.ToLowerInvariant()).Replace("-", " ", StringComparison.Ordinal).Split(' ').Where(w => w != "no").ToList();
        var plain = parts.Count > 1 && Tails.Contains(parts[^1]) ? parts.Take(parts.Count - 1).ToList() : parts;
        bool Same(string one, string other) => one == other || one == other + "s";
        return words.Count > 0 && (words.Count == parts.Count && words.Zip(parts).All(p => Same(p.First, p.Second)) || words.Count == plain.Count && words.Zip(plain).All(p => Same(p.First, p.Second)) || words.Count == 1 && (Same(words[0], string.Concat(parts)) || plain.Count > 1 && Same(words[0], plain[^1]) || words[0] is not ("id" or "no") && Same(words[0], parts[^1])));
    }

    /// <summary>"Per IP: search 5/s, storefront 20/s": said before all of them, it is of all of them.</summary>
    public static bool IsSaidFirst(Phrase phrase) => phrase.Tokens.FirstOrDefault(t => t.Kind is TokenKind.Rate || t.IsEntity && !t.IsGuess) is { } first && phrase.Tokens.TakeWhile(t => !ReferenceEquals(t, first)).Any(t => phrase.IsTaken(t) && (t.Concept is Concept.Client || t.Kind == TokenKind.HeaderName));

    /// <summary>Another name and its rate, and not a word of how it is counted.</summary>
    public static bool Goes(Phrase phrase) => phrase.Tokens.Count > 2 && phrase.Tokens[0] is { Kind: TokenKind.Punctuation, Text: "," or ";" or "&" or "+" } or { Concept: Concept.Separator } && phrase.Tokens.All(t => t.IsGlue || t.IsEntity || t.Kind is TokenKind.Rate or TokenKind.Number || t.Concept is Concept.AtMost or Concept.Set or Concept.Allow or Concept.ServiceNoun);
}
