using System.Collections.Immutable;

namespace PolicyEngine.Cli.Evals;

/// <summary>A share with its 95 % interval after Wilson (1927): it stays honest near 0 and 1 and with few cases.</summary>
internal sealed record Proportion(int Count, int Of)
{
    private const double Z = 1.959963984540054;

    public double Value => Of == 0 ? 0 : (double)Count / Of;

    public double Low => Math.Max(0, Center - Margin);

    public double High => Of == 0 ? 1 : Math.Min(1, Center + Margin);

    private double Center => Of == 0 ? 0.5 : (Value + Z * Z / (2 * Of)) / (1 + Z * Z / Of);

    private double Margin => Of == 0 ? 0.5 : Z * Math.Sqrt(Value * (1 - Value) / Of + Z * Z / (4.0 * Of * Of)) / (1 + Z * Z / Of);
}

/// <summary>The results of one category of one set, or of a whole set.</summary>
internal sealed record Tally(string Category, ImmutableArray<CaseResult> Results)
{
    public int Cases => Results.Length;

    public Proportion Of(Outcome outcome) => new(Results.Count(r => r.Outcome == outcome), Cases);

    /// <summary>A question, but one that offers what is right.</summary>
    public Proportion Offered => new(Results.Count(r => r.IsOffered), Cases);

    public Proportion Repeatable => new(Results.Count(r => r.Repeatable), Cases);

    /// <summary>The time below which a share of all runs stayed, in milliseconds: the nearest rank.</summary>
    public double Latency(double share)
    {
        var sorted = Results.SelectMany(r => r.Milliseconds).Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}

/// <summary>Everything that one run of one planner found.</summary>
internal sealed record EvalReport(string Planner, ImmutableArray<CaseResult> Results)
{
    /// <summary>How often each case was planned.</summary>
    public int Runs { get; init; } = EvalRunner.Runs;

    /// <summary>Of how many cases these are a sample; null where all were put.</summary>
    public int? SampleOf { get; init; }

    /// <summary>How often the model's part ended how, most often first; empty where no model took part.</summary>
    public IEnumerable<(string Verdict, int Cases)> Verdicts => Results
        .Where(r => r.Verdict is not null)
        .GroupBy(r => r.Verdict!, StringComparer.Ordinal)
        .Select(g => (g.Key, g.Count()))
        .OrderByDescending(v => v.Item2).ThenBy(v => v.Key, StringComparer.Ordinal);

    public IEnumerable<EvalSet> Sets => Results.Select(r => r.Placed.Set).Distinct().Order();

    public Tally Whole(EvalSet set) => new("all", [.. Results.Where(r => r.Placed.Set == set)]);

    public IEnumerable<Tally> Categories(EvalSet set) => Results
        .Where(r => r.Placed.Set == set)
        .GroupBy(r => r.Placed.Category, StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => new Tally(g.Key, [.. g]));

    /// <summary>What went wrong, of the open set only: who builds a planner does not look at the other.</summary>
    public IEnumerable<CaseResult> Shown => Results.Where(r => r.Placed.Set == EvalSet.Open && (r.Outcome != Outcome.Right || !r.Repeatable));
}
