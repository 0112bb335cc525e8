using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>Another way to read an intent: what is left to be planned, and what was set aside as background, in the person's words.</summary>
internal sealed record View(string Text, ImmutableArray<string> Background)
{
    /// <summary>What only the background names: what the rest is about.</summary>
    public Token? Topic { get; init; }

    /// <summary>The features that a story told around it speaks of: it may only be about what is planned.</summary>
    public ImmutableArray<Concept> Features { get; init; } = [];

    /// <summary>A story was set aside, and what it says may have been mistaken for something that is asked for.</summary>
    public bool IsStory { get; init; }

    /// <summary>What says that it ends was set aside: all that is planned must end by itself.</summary>
    public bool Ends { get; init; }

    /// <summary>Times that are said to stay as they are were set aside, so they must stand; and whose they are.</summary>
    public ImmutableArray<TimeSpan> Stays { get; init; } = [];

    public ImmutableArray<string> StaysOf { get; init; } = [];

    /// <summary>The view without a piece of its text: nobody else moves.</summary>
    public View Without(int start, int end)
    {
        // Tokens that were read in another order than they stand may span nothing.
        (start, end) = (Math.Clamp(start, 0, Text.Length), Math.Clamp(end, Math.Clamp(start, 0, Text.Length), Text.Length));
        var said = Text[start..end].Trim(' ', ',', '.', ':', ';', '-', '–', '—', '(', ')', '!', '\n');
        return this with { Text = string.Concat(Text.AsSpan(0, start), new string(' ', end - start), Text.AsSpan(end)), Background = said.Length == 0 ? Background : Background.Add(said) };
    }
}
