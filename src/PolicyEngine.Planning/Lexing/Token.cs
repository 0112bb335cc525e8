using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Lexing;

/// <summary>What a piece of the intent is.</summary>
public enum TokenKind
{
    Word, Number, Percent, Duration, Status, Cidr, Path, Host, Quoted, HeaderName, Punctuation, Time,
    Service, Version, Gateway, Fleet,
}

/// <summary>One token: its text as written, its value by kind, and the concepts that its word stands for.</summary>
public sealed record Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>Lower case; of an entity its name in the catalog.</summary>
    public string Value { get; init; } = Text.ToLowerInvariant();

    public decimal Number { get; init; }

    public Percentage Share { get; init; }

    public TimeSpan Duration { get; init; }

    public Cidr Range { get; init; }

    public DateTimeOffset Time { get; init; }

    /// <summary>What the lexicon says of the word.</summary>
    public Concept Concept { get; init; }

    /// <summary>An entity found by its nearest name: what was typed was not it.</summary>
    public bool IsGuess { get; init; }

    public bool Is(string word) => Kind == TokenKind.Word && Value == word;
}

/// <summary>What words are about. A word has one; what it means in a sentence is for the clauses.</summary>
public enum Concept
{
    None, Filler, Preposition, Separator,
    Send, Mirror, Limit, Deny, Allow, Retry, Timeout, Delay, Abort, Header, Redirect, Answer, Rewrite, Canary,
    Stop, Set, Raise, Lower, Double, Halve, Undo, Same, Back, It, Fully,
    PerTry, Per, Second, Minute, Hour, Day, Times, Client, Shadow, Everyone, Only, Connect, Idle, Burst,
    Request, Response, Method, Until, Rest, Route, Policy, Present, Path,
}
