using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Learned;

/// <summary>
/// What speaks for and against a candidate, as hashes: its frame with every word and pair of words, each value that it takes with the words
/// around it, and each value that it leaves lying. Names and numbers themselves say nothing: what is learnt holds for any catalog.
/// </summary>
internal sealed class Features
{
    private static readonly uint Nothing = Hash("nothing"), Other = Hash("other"), Has = Hash("has"), Left = Hash("left"), Old = Hash("old"), Before = Hash("<"), Behind = Hash(">"), SaidBefore = Hash("<<"), SaidBehind = Hash(">>"), MeantBefore = Hash("<@"), MeantBehind = Hash(">@"), Sized = Hash("="), Framed = Hash("#"), Word = Hash("|"), Start = Hash("^"), End = Hash("$");

    private readonly Facts _facts;
    private readonly uint[] _shapes;
    private readonly uint[] _concepts;
    private readonly uint[] _words;
    private readonly int[] _values;
    private readonly bool[] _stands;

    public Features(Facts facts)
    {
        _facts = facts;
        _shapes = [.. facts.Tokens.Select(t => Hash(Shape(t)))];
        _concepts = [.. facts.Tokens.Select(t => t.Kind == TokenKind.Word && t.Concept is not (Concept.None or Concept.Filler or Concept.Noun or Concept.Preposition or Concept.Separator) ? Hash($"@{t.Concept}") : 0)];
        var meant = _concepts.Where(c => c != 0).Distinct().Order().ToList();
        _words = [.. _shapes.Concat(meant).Concat(from i in Enumerable.Range(0, meant.Count) from j in Enumerable.Range(i + 1, meant.Count - i - 1) select Mix(meant[i], meant[j]))
            .Concat(Enumerable.Range(0, _shapes.Length + 1).Select(i => Mix(At(i - 1), At(i), Word))).Distinct()];
        _values = [.. Enumerable.Range(0, facts.Tokens.Count).Where(i => IsValue(facts[i]))];
        _stands = [.. Enumerable.Range(0, facts.Tokens.Count).Select(i => IsValue(facts[i]) && facts.Stands(i))];
    }

    /// <summary>Of nothing: that the intent is to be asked about, as nobody should plan it, or as it means what no candidate says.</summary>
    public IEnumerable<uint> Of(bool isOther) => Of(isOther ? Other : Nothing);

    private IEnumerable<uint> Of(uint what) => _words.Select(w => Mix(what, w)).Append(what).Concat(_values.Select(v => Mix(what, Has, _shapes[v]))).Distinct();

    public IEnumerable<uint> Of(Candidate candidate) => All(candidate).Distinct();

    private IEnumerable<uint> All(Candidate candidate)
    {
        var dot = candidate.Frame.IndexOf('.', StringComparison.Ordinal);
        var (frame, kind) = (Hash(candidate.Frame), Hash(dot < 0 ? candidate.Frame : candidate.Frame[..dot]));
        yield return frame;
        foreach (var word in _words)
        {
            yield return Mix(frame, Word, word);
            if (dot >= 0) yield return Mix(kind, Word, word);
        }
        foreach (var (name, at) in candidate.Slots)
        {
            var role = Hash(name);
            yield return role;
            yield return Mix(role, Before, At(at - 1));
            yield return Mix(role, Before, At(at - 2), At(at - 1));
            yield return Mix(role, Behind, At(at + 1));
            yield return Mix(role, Behind, At(at + 1), At(at + 2));
            yield return Mix(role, SaidBefore, Said(at, -1));
            yield return Mix(role, SaidBehind, Said(at, 1));
            yield return Mix(role, MeantBefore, Meant(at, -1));
            yield return Mix(role, MeantBehind, Meant(at, 1));
            yield return Mix(role, Sized, Hash(Size(_facts[at])));
            yield return Mix(role, Framed, frame);
            if (_stands[at]) yield return Mix(role, Old);
        }
        foreach (var value in _values)
        {
            if (candidate.Slots.Any(s => s.Token == value)) continue;
            var left = _stands[value] ? Mix(Left, Old, _shapes[value]) : Mix(Left, _shapes[value]);
            yield return left;
            yield return Mix(left, Word, kind);
            yield return Mix(left, Before, At(value - 1));
            yield return Mix(left, SaidBefore, Said(value, -1));
            yield return Mix(left, Behind, At(value + 1));
            yield return Mix(left, MeantBefore, Meant(value, -1));
            yield return Mix(left, MeantBehind, Meant(value, 1));
        }
    }

    /// <summary>What is meant by the next word that is meant by anything.</summary>
    private uint Meant(int at, int step)
    {
        for (var i = at + step; i >= 0 && i < _shapes.Length; i += step)
            if (_concepts[i] != 0) return _concepts[i];
        return step < 0 ? Start : End;
    }

    /// <summary>The next word that says something.</summary>
    private uint Said(int at, int step)
    {
        for (var i = at + step; i >= 0 && i < _shapes.Length; i += step)
            if (!_facts[i].IsGlue || _facts[i].Concept == Concept.Preposition) return _shapes[i];
        return step < 0 ? Start : End;
    }

    private static bool IsValue(Token token) => token.Kind is not (TokenKind.Word or TokenKind.Punctuation or TokenKind.Quoted) || token.Concept == Concept.Method;

    private uint At(int i) => i < 0 ? Start : i >= _shapes.Length ? End : _shapes[i];

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

    /// <summary>FNV-1a, 32 bits: the same on every machine.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text) hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }

    private static uint Mix(params ReadOnlySpan<uint> parts)
    {
        var hash = 2166136261u;
        foreach (var part in parts)
        {
            hash = unchecked((hash ^ part) * 0x9E3779B1u);
            hash ^= hash >> 15;
        }
        return hash;
    }
}
