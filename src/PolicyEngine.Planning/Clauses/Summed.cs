using System.Collections;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Clauses;

/// <summary>Tokens whose concepts and kinds are gathered once: every clause asks for many of them.</summary>
internal sealed class Summed : IReadOnlyList<Token>
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly UInt128 _concepts;
    private readonly ulong _kinds;

    public Summed(IReadOnlyList<Token> tokens)
    {
        _tokens = tokens;
        foreach (var token in tokens)
        {
            _concepts |= UInt128.One << (int)token.Concept;
            _kinds |= 1ul << (int)token.Kind;
        }
    }

    public int Count => _tokens.Count;

    public Token this[int index] => _tokens[index];

    public bool Has(Concept concept) => (_concepts & (UInt128.One << (int)concept)) != 0;

    public bool Has(TokenKind kind) => (_kinds & (1ul << (int)kind)) != 0;

    public IEnumerator<Token> GetEnumerator() => _tokens.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
