using System.Diagnostics.Metrics;
using PolicyEngine.Planning.Models.Backends;

namespace PolicyEngine.Planning.Models;

/// <summary>What models cost and how they fail, in the meter <c>PolicyEngine.Planning</c>.</summary>
public static class PlanningMetrics
{
    public const string MeterName = "PolicyEngine.Planning";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("policyengine.planning.model.answers", "{answer}", "Answers of the model by outcome: transport, refusal, truncated, not-json, schema, meaning, ok.");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("policyengine.planning.model.tokens", "{token}", "Tokens as the back end counts them, by direction.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("policyengine.planning.model.duration", "s", "From the question to the model's answer.");
    private static readonly Counter<long> Verdicts = Meter.CreateCounter<long>("policyengine.planning.verdicts", "{plan}", "What the judge made of the two readings of an intent.");

    internal static void Answered(ModelOptions options, ModelOutcome outcome) => Answers.Add(1, new("outcome", outcome.Word()), new("provider", ModelOptions.Word(options.Provider)));

    internal static void Judged(string verdict) => Verdicts.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    internal static void Asked(ModelOptions options, RawAnswer answer, TimeSpan took)
    {
        var provider = new KeyValuePair<string, object?>("provider", ModelOptions.Word(options.Provider));
        Durations.Record(took.TotalSeconds, provider);
        if (answer.InputTokens > 0) Tokens.Add(answer.InputTokens, provider, new("direction", "in"));
        if (answer.OutputTokens > 0) Tokens.Add(answer.OutputTokens, provider, new("direction", "out"));
    }
}
