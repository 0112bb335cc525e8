using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Views;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Learned;

/// <summary>
/// What the grammar does not understand may still let guess which of a few orders is meant. Every order that could be made of an intent's values is weighed
/// against asking (a log-linear model of words and values, learnt from the sentences in evals/training). What is likely enough is offered in the question:
/// it is never planned without a yes.
/// </summary>
internal static class LearnedReader
{
    /// <summary>How likely an order must be to be offered, all others and a question taken together being the rest.</summary>
    public const double Likely = 0.7;

    /// <summary>The likeliest so many are read by the grammar; the others weigh next to nothing.</summary>
    private const int Kept = 60;

    /// <summary>The order that is probably meant, in the words of the grammar, and what the grammar makes of it; null where none is.</summary>
    public static (string Order, Plan Plan)? Read(string text, IReadOnlyList<Token> tokens, PlanRequest request, Weights weights, Func<string, Plan> strictly)
    {
        if (weights.Count == 0) return null;
        var facts = new Facts(text, tokens, request.Catalog, request.Policies);
        // "write a poem about checkout": a name alone orders nothing.
        if (!facts.HasValues && !facts.Tokens.Any(t => Remarks.Features.Contains(t.Concept))) return null;
        var features = new Features(facts);
        var scored = Candidates.Of(facts).DistinctBy(c => (c.Text, string.Join(',', c.Slots))).Select(c => (c.Text, Score: weights.Sum(features.Of(c)))).OrderByDescending(c => c.Score).ThenBy(c => c.Text, StringComparer.Ordinal).Take(Kept).ToList();
        var (nothing, other) = (weights.Sum(features.Of(false)), weights.Sum(features.Of(true)));
        // What is far less likely than to ask is not worth reading.
        if (scored.Count == 0 || scored[0].Score < Math.Max(nothing, other)) return null;
        var read = scored.Select(c => (c.Text, c.Score, Plan: strictly(c.Text))).Where(c => c.Plan.Status == PlanStatus.Planned).ToList();
        if (read.Count == 0) return null;
        var most = Math.Max(Math.Max(nothing, other), read.Max(c => c.Score));
        var all = Math.Exp(nothing - most) + Math.Exp(other - most) + read.Sum(c => Math.Exp(c.Score - most));
        var (best, likelihood) = read.GroupBy(c => Effect(c.Plan.Edits), StringComparer.Ordinal).Select(g => (g.First(), g.Sum(c => Math.Exp(c.Score - most)) / all)).MaxBy(g => g.Item2);
        return likelihood >= Likely ? (best.Text, best.Plan) : null;
    }

    /// <summary>What these edits do, as far as it is told apart.</summary>
    public static string Effect(IEnumerable<PolicyEdit> edits) => string.Join('\n', edits.Select(e => $"{e.Id} {e.Upserted?.Revision}"));
}
