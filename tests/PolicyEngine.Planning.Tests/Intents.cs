using System.Collections.Concurrent;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests;

/// <summary>The catalogs under <c>catalogs/</c> and the intents beside them: turns joined by ||, a tab, and the effect, "? part of a question", "refused" or "no" (anything but a plan).</summary>
internal static class Intents
{
    private static readonly ConcurrentDictionary<string, (ServiceCatalog Catalog, PolicySet Policies)> Loaded = new(StringComparer.Ordinal);

    /// <summary>A Tuesday.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, string> All(params string[] catalogs)
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (catalog, intent, expected) in Read(catalogs)) data.Add(catalog, intent, expected);
        return data;
    }

    public static IEnumerable<(string Catalog, string Intent, string Expected)> Planned(params string[] catalogs) => Read(catalogs).Where(c => c.Expected is not ("no" or "refused") && c.Expected[0] != '?');

    public static bool IsName(string catalog, string word) => Load(catalog).Catalog.Services.ContainsKey(word) || Load(catalog).Catalog.Services.Values.Any(s => s.Versions.Any(v => v.Name == word));

    public static Plan Talk(string catalog, params string[] turns)
    {
        var (known, policies) = Load(catalog);
        var earlier = new List<PlanTurn>();
        for (var i = 0; ; i++)
        {
            var plan = EmbeddedPlanner.Plan(new PlanRequest { Intent = turns[i], Catalog = known, Policies = policies, Earlier = [.. earlier], Now = Noon });
            if (i == turns.Length - 1) return plan;
            earlier.Add(new PlanTurn(turns[i], plan, policies));
            policies = policies.Apply(plan.Edits);
        }
    }

    private static IEnumerable<(string Catalog, string Intent, string Expected)> Read(string[] catalogs)
    {
        foreach (var catalog in catalogs)
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Golden.Folder("."), "catalogs", catalog), "*.tsv").Order(StringComparer.Ordinal))
                foreach (var line in File.ReadLines(file))
                {
                    if (line.Length == 0 || line[0] == '#') continue;
                    var parts = line.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    yield return (catalog, parts[0], parts[1]);
                }
    }

    private static (ServiceCatalog Catalog, PolicySet Policies) Load(string catalog) => Loaded.GetOrAdd(catalog, name =>
    {
        var documents = DocumentFolder.Read(name == "shop" ? RepositoryPaths.Shop : Path.Combine(Golden.Folder("."), "catalogs", name)).Documents;
        return (new ServiceCatalog(documents), new PolicySet(documents));
    });
}
