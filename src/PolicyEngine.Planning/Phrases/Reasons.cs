using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// "…, because the new tax engine needs a trial": why somebody wants a thing is kept as the policy's reason and never carried out. A reason
/// ends with its sentence; one that itself speaks of what is to be done is none, and its words are read like all others.
/// </summary>
internal static class Reasons
{
    private const int Longest = 200;

    public static (List<Token> Body, string? Why) Split(IReadOnlyList<Token> tokens, Func<IReadOnlyList<Token>, bool> isClause)
    {
        var start = tokens.ToList().FindIndex(t => t.Concept == Concept.Because);
        if (start < 0) return ([.. tokens], null);
        var end = start + 1;
        while (end < tokens.Count && !(tokens[end].Kind == TokenKind.Punctuation && tokens[end].Text is "," or "." or ";" or "!" or "\n")) end++;
        var reason = tokens.Skip(start + 1).Take(end - start - 1).ToList();
        var body = tokens.Take(start).Concat(tokens.Skip(end)).ToList();
        var limits = reason.Exists(t => t.Kind is not (TokenKind.Word or TokenKind.Service or TokenKind.Version or TokenKind.Punctuation) || t.Concept is Concept.Except or Concept.Not or Concept.If or Concept.Until or Concept.Only or Concept.Without or Concept.Or);
        if (reason.Count == 0 || limits || !isClause(body)) return ([.. tokens], null);
        // A second clause hidden in it ("… and block 10.0.0.0/8") is no reason.
        if (reason.Exists(t => t.Concept == Concept.Separator) && isClause(reason)) return ([.. tokens], null);
        var text = string.Join(' ', reason.Select(t => t.Text));
        return text.Length > Longest ? ([.. tokens], null) : (body, text);
    }
}
