using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Ir;

namespace PolicyEngine.Cli.Evals;

/// <summary>
/// Some of the cases, spread evenly over the categories, for a planner too slow for all of them. The seed and the ids alone choose, so a sample can be
/// measured again, and one of more cases holds one of fewer.
/// </summary>
internal static class Sample
{
    public static ImmutableArray<PlacedCase> Of(ImmutableArray<PlacedCase> cases, int size, int seed)
    {
        var rounds = cases
            .GroupBy(c => c.Category, StringComparer.Ordinal)
            .SelectMany(g => g.OrderBy(c => Lot(seed, c.Case.Id), StringComparer.Ordinal).Select((c, round) => (Case: c, Round: round)))
            .OrderBy(c => c.Round).ThenBy(c => Lot(seed, c.Case.Category), StringComparer.Ordinal);
        return [.. rounds.Take(size).Select(c => c.Case)];
    }

    private static string Lot(int seed, string name) => Revision.Of(string.Create(CultureInfo.InvariantCulture, $"{seed} {name}")).ToString();
}
