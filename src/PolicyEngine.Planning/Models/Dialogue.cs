using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models;

/// <summary>What was asked and heard so far, for one plan: the account from which readings and their provenance are made.</summary>
internal sealed class Dialogue(ModelOptions options, Revision prompt)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private int _rounds;
    private int _in;
    private int _out;
    private Revision _answer;

    public int Redacted { get; set; }

    /// <summary>No further round: they are used up, or the tokens are.</summary>
    public bool IsOver => _rounds >= options.Rounds || _in + _out >= options.MaxTokens;

    public void Heard(RawAnswer raw)
    {
        _rounds++;
        _in += raw.InputTokens;
        _out += raw.OutputTokens;
        if (raw.Text.Length > 0) _answer = Revision.Of(raw.Text);
    }

    public ModelReading Proposal(ImmutableArray<PolicyEdit> edits) => Of(ModelResult.Proposal, ModelOutcome.Ok) with { Edits = edits };

    public ModelReading Question(string text, ImmutableArray<string> choices) => Of(ModelResult.Question, ModelOutcome.Ok) with { Text = Line(text), Choices = [.. choices.Select(Line)] };

    public ModelReading Cannot(string text) => Of(ModelResult.Cannot, ModelOutcome.Ok) with { Text = Line(text) };

    public ModelReading Failed(ModelOutcome outcome, IEnumerable<string> problems)
    {
        var rule = outcome.Rule()!;
        _diagnostics.Add(Diagnostic.Of(rule, $"{rule.Title}: {string.Join("; ", problems)}"));
        return Of(ModelResult.Failed, outcome);
    }

    private ModelReading Of(ModelResult result, ModelOutcome outcome) => new()
    {
        Result = result,
        Outcome = outcome,
        Diagnostics = [.. _diagnostics],
        Provenance = new ModelProvenance
        {
            Provider = ModelOptions.Word(options.Provider),
            Model = options.Model,
            Prompt = prompt,
            Answer = _answer,
            Rounds = _rounds,
            Outcome = outcome,
            Codes = [.. _diagnostics.Select(d => d.Code)],
            InputTokens = _in,
            OutputTokens = _out,
            Redacted = Redacted,
        },
    };

    private static string Line(string text) => new string([.. text.Where(c => char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
}
