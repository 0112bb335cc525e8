using System.Collections.Immutable;

namespace PolicyEngine.Planning.Models.Answers;

internal enum AnswerKind { Proposal, Question, Cannot }

/// <summary>An answer that has the form that was asked for; what it says is not checked yet.</summary>
internal sealed record ModelAnswer(AnswerKind Kind, ImmutableArray<ProposedEdit> Edits, string Text, ImmutableArray<string> Choices);

internal sealed record ProposedEdit(bool Removes, string Kind, string Name, string Document);
