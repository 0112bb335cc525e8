using System.Collections.Immutable;

namespace PolicyEngine.Planning.Learned;

/// <summary>What a token of the intent is taken for.</summary>
internal readonly record struct Slot(string Role, int Token);

/// <summary>One thing that an intent might order: an order in plain words, made of values of the intent alone, which the strict grammar then reads.</summary>
/// <param name="Frame">What is done to what: "timeout.idle.set".</param>
/// <param name="Text">The order, in words that the grammar knows.</param>
/// <param name="Slots">Which value of the intent stands for what in it.</param>
internal sealed record Candidate(string Frame, string Text, ImmutableArray<Slot> Slots);
