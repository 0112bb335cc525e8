using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Learned;

/// <summary>
/// What the grammar does not understand may still say plainly which of a few orders is meant. Every order that could be made of its values is
/// weighed against asking (a log-linear model of words and values, learnt from sentences in evals/training); where one is likely enough by far and
/// nothing casts <see cref="Doubts"/> on it, it is what is meant, and the plan says in which words it was read.
/// </summary>
internal static class LearnedReader
{
    /// <summary>How likely an order must be, all others and a question taken together being the rest.</summary>
    public const double Sure = 0.9;

    /// <summary>The likeliest so many are read by the grammar; the others weigh next to nothing.</summary>
    private const int Kept = 60;

    /// <summary>The order that is meant, in the words of the grammar; null where it is not plain.</summary>
    public static (Candidate Candidate, double Likelihood)? Read(string text, IReadOnlyList<Token> tokens, PlanRequest request, Weights weights, Func<string, Plan> strictly)
    {
        if (weights.Count == 0) return null;
        var facts = new Facts(text, tokens, request.Catalog, request.Policies);
        var features = new Features(facts);
        var scored = Candidates.Of(facts).DistinctBy(c => (c.Text, string.Join(',', c.Slots))).Select(c => (Candidate: c, Score: weights.Sum(features.Of(c)))).OrderByDescending(c => c.Score).ThenBy(c => c.Candidate.Text, StringComparer.Ordinal).Take(Kept).ToList();
        if (scored.Count == 0) return null;
        var nothing = weights.Sum(features.Of());
        // What is far less likely than to ask is not worth reading.
        if (scored[0].Score < nothing) return null;
        var read = scored.Select(c => (c.Candidate, c.Score, Plan: strictly(c.Candidate.Text))).Where(c => c.Plan.Status == PlanStatus.Planned).ToList();
        if (read.Count == 0) return null;
        var most = Math.Max(nothing, read.Max(c => c.Score));
        var all = Math.Exp(nothing - most) + read.Sum(c => Math.Exp(c.Score - most));
        var best = read.GroupBy(c => Effect(c.Plan.Edits), StringComparer.Ordinal).Select(g => (g.First().Candidate, Likelihood: g.Sum(c => Math.Exp(c.Score - most)) / all)).MaxBy(g => g.Likelihood);
        return best.Likelihood >= Sure && !Doubts.Are(facts, best.Candidate) ? best : null;
    }

    /// <summary>What these edits do, as far as it is told apart.</summary>
    public static string Effect(IEnumerable<PolicyEdit> edits) => string.Join('\n', edits.Select(e => $"{e.Id} {e.Upserted?.Revision}"));
}
