using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Views;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// Why somebody wants a thing: "…, because the new tax engine needs a trial", "green is flaky, …". It is kept as the policy's reason, shown
/// in the summary, and never carried out. What may itself be about what is to be done is no reason: its words are read like all others.
/// </summary>
internal static class Reasons
{
    private const int Longest = 200;

    private static readonly HashSet<string> Copulas = ["is", "are", "was", "were", "has", "have", "had", "been", "isn't", "it's", "that's", "we're", "we've", "they're", "i'm", "looks", "seems", "seem", "appears", "keeps", "feels"];

    /// <summary>Whoever a remark is about.</summary>
    private static readonly HashSet<string> Subjects = ["it", "they", "this", "that", "we", "these", "those", "he", "she", "someone", "somebody", "people", "customers", "users", "i", "it's", "they're", "we're", "that's", "everyone", "something"];

    /// <summary>What no remark says: it might be meant for whoever carries the plan out.</summary>
    private static readonly HashSet<string> Suspicious = ["approve", "approval", "approved", "approves", "ignore", "disregard", "override", "instructions", "instruction", "prompt", "system", "pretend", "roleplay", "admin", "root", "sudo", "password", "secret", "secrets", "credentials", "planner"];

    private static readonly HashSet<string> Asking = ["is", "are", "was", "were", "has", "have", "had"];

    public static (List<Token> Body, string? Why) Split(IReadOnlyList<Token> tokens, Func<IReadOnlyList<Token>, int> score)
    {
        var (body, reasons) = (new List<Token>(), new List<string>());
        var sentences = Sentences(tokens).ToList();
        var speaks = sentences.Exists(s => !IsStatement(s, score) && !IsRemark(s) && score(s) > 0);
        foreach (var sentence in sentences)
        {
            var because = sentence.FindIndex(t => t.Concept == Concept.Because);
            if (speaks && !(sentence.Exists(t => t.Concept == Concept.Too) && sentence.Exists(t => t.IsEntity)) && (IsStatement(sentence, score) || IsRemark(sentence)) && !(sentence.Exists(t => Sets.Consumers.Contains(t.Value)) && sentences.Exists(s => !ReferenceEquals(s, sentence) && s.Exists(t => Sets.They.Contains(t.Value)) && !s.Exists(t => t.Kind == TokenKind.Rate)))) reasons.Add(Text(sentence));
            else if (because > 0 && IsReason(sentence.Skip(because + 1).ToList(), score) && score(sentence.Take(because).ToList()) > 0)
            {
                body.AddRange(sentence.Take(because));
                reasons.Add(Text(sentence.Skip(because + 1)));
            }
            else if (because == 0 && sentences.Count > 1 && IsReason(sentence.Skip(1).ToList(), score)) reasons.Add(Text(sentence.Skip(1)));
            else body.AddRange(sentence);
        }
        var why = string.Join("; ", reasons.Where(r => r.Length > 0));
        return why.Length > Longest ? ([.. tokens], null) : (body, why.Length == 0 ? null : why);
    }

    /// <summary>Nothing in it limits or commands: no numbers, conditions or exceptions, no second clause behind "and".</summary>
    private static bool IsReason(List<Token> reason, Func<IReadOnlyList<Token>, int> score) =>
        reason.Count > 0 && reason.TrueForAll(IsHarmless) && !(reason.Exists(t => t.Concept == Concept.Separator) && score(reason) > 0);

    /// <summary>Says how things are ("v2 is flaky today"), with a word in it that says nothing here, and nothing that is to be done.</summary>
    private static bool IsStatement(List<Token> sentence, Func<IReadOnlyList<Token>, int> score) =>
        sentence.Exists(t => Copulas.Contains(t.Value)) && !IsQuestion(sentence) && sentence.TrueForAll(IsHarmless) && score(sentence.Where(t => t.Value is not ("slow" or "slower")).ToList()) <= 12
        && sentence.TrueForAll(t => t.IsGlue || t.Value is "slow" or "slower" or "dead" or "down" or "broken" or "shaky" or "quiet" or "idle" or "silent" or "too" or "really" || t.Kind is TokenKind.Service or TokenKind.Version && !t.IsGuess || t.Concept is Concept.None or Concept.User or Concept.Client or Concept.Request or Concept.Failing or Concept.ServiceNoun or Concept.VersionNoun or Concept.Newer or Concept.Canary or Concept.It or Concept.Too or Concept.Foreign)
        && !(sentence.Exists(t => t.Value is "slow" or "slower") && sentence.Exists(t => t.Kind == TokenKind.Word && t.Concept == Concept.None))
        && sentence.Exists(t => t.Value is "slow" or "slower" || t.Concept is Concept.None or Concept.Foreign or Concept.Failing && t.Kind == TokenKind.Word)
        && !(sentence.FirstOrDefault(t => !t.IsGlue) is { Kind: TokenKind.Word, Concept: Concept.None } first && sentence.IndexOf(first) == 0);

    /// <summary>"they are killing the database", "it hurts real people", "it is a game day": about somebody that is no name of ours, with a word that says nothing here, and no value.</summary>
    private static bool IsRemark(List<Token> sentence)
    {
        var words = sentence.Where(t => t.Kind != TokenKind.Punctuation && t.Concept != Concept.Separator).ToList();
        if (words.Count < 3 || !Subjects.Contains(words[0].Value) || !words.TrueForAll(IsHarmless) || words.Exists(t => t.Kind is not TokenKind.Word || Suspicious.Contains(t.Value)) || IsQuestion(sentence)) return false;
        var verb = words[1];
        var describes = Copulas.Contains(words[0].Value) || Copulas.Contains(verb.Value) && verb.Value is not "have" || verb.Concept is Concept.None && (verb.Value.EndsWith('s') || verb.Value.EndsWith("ed", StringComparison.Ordinal)) || words[0].Value is "we" or "i" && verb.Value is "saw" or "see" or "noticed" or "found" or "had" or "got" || words[0].Value is "we" or "i" && verb.Value is "want" or "need" && words[2].Value is "to" && words.ElementAtOrDefault(3)?.Value is "see" or "know" or "find" or "learn" or "understand" or "measure" or "watch";
        var unknown = words.Skip(1).Count(t => t.Concept is Concept.None or Concept.Foreign or Concept.Vague);
        return describes && unknown > 0 && !words.Skip(1).Any(t => t.Concept is Concept.Same or Concept.Rest or Concept.Newer or Concept.Older or Concept.Canary);
    }

    /// <summary>"Is it safe?" says nothing of how things are.</summary>
    private static bool IsQuestion(List<Token> sentence) =>
        sentence.Exists(t => t.Text == "?") || sentence.Find(t => t.Kind != TokenKind.Punctuation) is { } first && Asking.Contains(first.Value);

    private static bool IsHarmless(Token token) => token.Kind is TokenKind.Word or TokenKind.Service or TokenKind.Version or TokenKind.Punctuation
        && token.Concept is not (Concept.Except or Concept.Not or Concept.If or Concept.Until or Concept.Only or Concept.Without or Concept.Or or Concept.Rest or Concept.Question) && !token.IsGuess && !Sets.Exemptions.Contains(token.Value) && token.Value is not ("but" or "unless" or "instead" or "must" or "should" or "shall");

    private static IEnumerable<List<Token>> Sentences(IReadOnlyList<Token> tokens)
    {
        var sentence = new List<Token>();
        foreach (var token in tokens)
        {
            sentence.Add(token);
            if (token.Kind != TokenKind.Punctuation || token.Text is not ("," or "." or ";" or "!" or "\n" or "—" or "–")) continue;
            yield return sentence;
            sentence = [];
        }
        if (sentence.Count > 0) yield return sentence;
    }

    private static string Text(IEnumerable<Token> tokens) => string.Join(' ', tokens.Where(t => t.Kind != TokenKind.Punctuation).Select(t => t.Text));
}
