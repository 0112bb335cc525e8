using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>
/// What speaks for and against a candidate: its frame with every word and pair of words, each value that it takes with the words around it,
/// and each value that it leaves lying. Names and numbers themselves say nothing: what is learnt holds for any catalog.
/// </summary>
internal sealed class Features
{
    public const string Nothing = "nothing";

    private static readonly string[] Ends = ["^", "$"];

    private readonly Facts _facts;
    private readonly string[] _shapes;
    private readonly string[] _concepts;
    private readonly List<string> _words;
    private readonly HashSet<int> _values;

    public Features(Facts facts)
    {
        _facts = facts;
        _shapes = [.. facts.Tokens.Select(Shape)];
        _concepts = [.. facts.Tokens.Select(t => t.Kind == TokenKind.Word && t.Concept is not (Concept.None or Concept.Filler or Concept.Noun or Concept.Preposition or Concept.Separator) ? $"@{t.Concept}" : "")];
        _words = [.. _shapes.Distinct(), .. _concepts.Where(c => c.Length > 0).Distinct(), .. Pairs(_concepts.Where(c => c.Length > 0).Distinct().Order(StringComparer.Ordinal).ToList()), .. Enumerable.Range(0, _shapes.Length + 1).Select(i => $"{At(i - 1)} {At(i)}").Distinct()];
        _values = [.. Enumerable.Range(0, facts.Tokens.Count).Where(i => IsValue(facts[i]))];
    }

    /// <summary>Of nothing: that the intent is to be asked about.</summary>
    public IEnumerable<string> Of() => _words.Select(w => $"{Nothing}|{w}").Append(Nothing).Concat(_values.Select(v => $"{Nothing}|has {_shapes[v]}"));

    public IEnumerable<string> Of(Candidate candidate)
    {
        var dot = candidate.Frame.IndexOf('.');
        var kind = dot < 0 ? candidate.Frame : candidate.Frame[..dot];
        yield return candidate.Frame;
        foreach (var word in _words)
        {
            yield return $"{candidate.Frame}|{word}";
            if (dot >= 0) yield return $"{kind}|{word}";
        }
        var used = new HashSet<int>();
        foreach (var (role, at) in candidate.Slots)
        {
            used.Add(at);
            yield return role;
            yield return $"{role}<{At(at - 1)}";
            yield return $"{role}<{At(at - 2)} {At(at - 1)}";
            yield return $"{role}>{At(at + 1)}";
            yield return $"{role}>{At(at + 1)} {At(at + 2)}";
            yield return $"{role}<<{Said(at, -1)}";
            yield return $"{role}>>{Said(at, 1)}";
            yield return $"{role}<@{Meant(at, -1)}";
            yield return $"{role}>@{Meant(at, 1)}";
            yield return $"{role}={Size(_facts[at])}";
            yield return $"{role}#{candidate.Frame}";
            if (_facts.Stands(at)) yield return $"{role}=stands";
        }
        foreach (var value in _values)
        {
            if (used.Contains(value)) continue;
            var shape = (_facts.Stands(value) ? "old " : "") + _shapes[value];
            yield return $"left {shape}";
            yield return $"left {shape}|{kind}";
            yield return $"left {shape}<{At(value - 1)}";
            yield return $"left {shape}<<{Said(value, -1)}";
            yield return $"left {shape}>{At(value + 1)}";
            yield return $"left {shape}<@{Meant(value, -1)}";
            yield return $"left {shape}>@{Meant(value, 1)}";
        }
    }

    private static IEnumerable<string> Pairs(List<string> concepts)
    {
        for (var i = 0; i < concepts.Count; i++)
            for (var j = i + 1; j < concepts.Count; j++) yield return $"{concepts[i]}+{concepts[j]}";
    }

    /// <summary>What is meant by the next word that is meant by anything.</summary>
    private string Meant(int at, int step)
    {
        for (var i = at + step; i >= 0 && i < _shapes.Length; i += step)
            if (_concepts[i].Length > 0) return _concepts[i];
        return step < 0 ? "^" : "$";
    }

    /// <summary>The next word that says something.</summary>
    private string Said(int at, int step)
    {
        for (var i = at + step; i >= 0 && i < _shapes.Length; i += step)
            if (!_facts[i].IsGlue || _facts[i].Concept == Concept.Preposition) return _shapes[i];
        return step < 0 ? "^" : "$";
    }

    private string At(int i) => i < 0 ? Ends[0] : i >= _shapes.Length ? Ends[1] : _shapes[i];

    private static bool IsValue(Token token) => token.Kind is not (TokenKind.Word or TokenKind.Punctuation) && !(token.Kind == TokenKind.Quoted) || token.Concept == Concept.Method;

    private static string Shape(Token token) => token.Kind switch
    {
        TokenKind.Word when token.Concept == Concept.Method => "<Method>",
        TokenKind.Word or TokenKind.Punctuation => token.Value.Length <= 30 ? token.Value : "<long>",
        TokenKind.Number when token.Number is >= 400 and < 600 && token.Text.Length == 3 => "<Status>",
        _ => $"<{token.Kind}>",
    };

    private static string Size(Token token) => token.Kind switch
    {
        TokenKind.Duration => token.Duration.TotalSeconds switch { < 0.1 => "<100ms", < 1 => "<1s", < 10 => "<10s", < 60 => "<1m", < 600 => "<10m", < 3600 => "<1h", _ => "hours" },
        TokenKind.Number or TokenKind.Rate => token.Number switch { 1 => "1", 2 => "2", < 6 => "<6", < 20 => "<20", < 100 => "<100", 100 => "100", < 1000 => "<1000", _ => "many" },
        _ => token.Kind.ToString(),
    };
}
