using System.Collections.Immutable;
using PolicyEngine.Planning;

namespace PolicyEngine.Cli.Evals;

/// <summary>The planners that can be put to the test, by name.</summary>
internal static class Planners
{
    private static readonly ImmutableSortedDictionary<string, Func<IPlanner>> All =
        ImmutableSortedDictionary<string, Func<IPlanner>>.Empty.Add("embedded", () => new EmbeddedPlanner());

    public static IEnumerable<string> Names => All.Keys;

    public static IPlanner Of(string name) => All[name]();
}
