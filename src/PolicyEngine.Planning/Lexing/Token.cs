using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.RateLimits;

namespace PolicyEngine.Planning.Lexing;

/// <summary>What a piece of the intent is.</summary>
public enum TokenKind
{
    Word, Number, Percent, Points, Duration, Rate, Status, Cidr, Path, Host, Url, Quoted, HeaderName, Punctuation, Time,
    Service, Version, Gateway, Fleet, Document,
}

/// <summary>One token: its text as written, its value by kind, and the concept that its word stands for.</summary>
public sealed record Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>Lower case; of an entity its name in the catalog.</summary>
    public string Value { get; init; } = Text.ToLowerInvariant();

    /// <summary>Behind the last character.</summary>
    public int End { get; init; } = Position + Text.Length;

    public decimal Number { get; init; }

    public Percentage Share { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Of a rate, with <see cref="Number"/>: so many in each of these.</summary>
    public RateUnit Unit { get; init; }

    public Cidr Range { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>What the lexicon says of the word.</summary>
    public Concept Concept { get; init; }

    /// <summary>What it could be as well: a service called mirror is also something that one does.</summary>
    public ImmutableArray<Token> Others { get; init; } = [];

    /// <summary>Found by the nearest name or word: what was typed was not it.</summary>
    public bool IsGuess { get; init; }

    /// <summary>A name of the catalog that was read as a word that means nothing.</summary>
    public bool IsWeak { get; init; }

    /// <summary>Of a path: what is below it is not meant.</summary>
    public bool IsExact { get; init; }

    public bool Is(string word) => Kind == TokenKind.Word && Value == word;

    public bool IsEntity => Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Fleet or TokenKind.Document;

    /// <summary>Joins clauses, is polite, or shows a relation that the clauses look up themselves: never a thing of its own.</summary>
    public bool IsGlue => Kind == TokenKind.Punctuation || Concept is Concept.Filler or Concept.Preposition or Concept.Separator or Concept.Noun;
}
