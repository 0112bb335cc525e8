using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>Who wants it: "the mobile team would like …", "Legal asked us to …". Of what is wanted nothing is taken away.</summary>
internal static class Requesters
{
    private const int Longest = 9;

    /// <summary>How many tokens at the beginning only say who wants something; 0 where none do.</summary>
    public static int Length(List<Token> part)
    {
        var first = part.FindIndex(t => t.Kind != TokenKind.Punctuation && t.Concept != Concept.Separator);
        if (first < 0) return 0;
        for (var i = first + 1; i < Math.Min(part.Count - 1, first + Longest); i++)
        {
            if (part[i].Kind == TokenKind.Punctuation) return 0;
            if (!Sets.Desires.Contains(part[i].Value)) continue;
            var who = part.GetRange(first, i - first);
            // "premium users need a 5s timeout": for them, perhaps, and for nobody else.
            var needs = part[i].Value is var verb && (verb.StartsWith("need", StringComparison.Ordinal) || verb.StartsWith("want", StringComparison.Ordinal) || verb.StartsWith("requir", StringComparison.Ordinal) || verb.StartsWith("expect", StringComparison.Ordinal) || verb is "like" or "likes" or "love" or "loves" or "prefer" or "prefers");
            if (!IsSomebody(who) || needs && who.Exists(t => Sets.Consumers.Contains(t.Value)) && !who.Exists(t => Sets.Groups.Contains(t.Value) && t.Value is not "people")) return 0;
            var end = i + 1;
            while (end < part.Count && (part[end].Value is "us" or "me" or "you" or "that" or "for" or "to" or "whether" or "if we could" or "if we can" or "strongly" or "really" or "very much" or "on" or "have" or "see" or "get" || part[end].Text is ":" || Sets.Desires.Contains(part[end].Value))) end++;
            return end < part.Count ? end : 0;
        }
        return 0;
    }

    /// <summary>People that nobody here knows; a name of the catalog only before a word for people.</summary>
    private static bool IsSomebody(List<Token> who)
    {
        if (!who.Exists(t => Remarks.IsUnknown(t) || Sets.Groups.Contains(t.Value) || t.Value.Contains(' ') || t.Concept is Concept.User or Concept.Client)) return false;
        for (var i = 0; i < who.Count; i++)
        {
            var token = who[i];
            var ok = token.Kind == TokenKind.Word && !Sets.Suspicious.Contains(token.Value) && (token.Concept is Concept.None or Concept.Foreign or Concept.Filler or Concept.Noun or Concept.User or Concept.Client or Concept.Canary || token.IsGuess || token is { Concept: Concept.Preposition, Value: "from" or "in" or "of" or "at" or "on" or "for" } || token is { Concept: Concept.Separator, Value: "and" } || Sets.Groups.Contains(token.Value) || i > 0 && who[i - 1].Value is "the" or "our" && who.ElementAtOrDefault(i + 1) is { } people && Sets.Groups.Contains(people.Value))
                || token.Kind == TokenKind.Service && (who.ElementAtOrDefault(i + 1) is { } group && Sets.Groups.Contains(group.Value) || i > 0 && who[i - 1].Value is "from" or "in" or "of" && who.Take(i).Any(Remarks.IsUnknown));
            if (!ok) return false;
        }
        return true;
    }
}
