using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Evals;

/// <summary>A catalog and the policies that stand in it, compiled.</summary>
internal sealed record World(ServiceCatalog Catalog, PolicySet Policies, Candidate Before);

/// <summary>
/// Worlds by catalog and policies: <c>evals/catalogs/NAME/catalog</c> with a folder of policies beside it, or the project's own samples
/// (<c>policies/NAME</c>, where <c>start</c> is what the sample comes with). Each is read once.
/// </summary>
internal sealed class Worlds(string catalogs, string samples)
{
    private readonly Dictionary<(string, string), World> _known = [];

    /// <summary>Throws <see cref="InvalidDataException"/> where a folder is missing or wrong: cases that cannot be judged are no result.</summary>
    public World Of(string catalog, string stands)
    {
        if (_known.TryGetValue((catalog, stands), out var known)) return known;
        var own = Path.Combine(catalogs, catalog);
        var sample = Path.Combine(samples, catalog);
        var exists = Documents(new[] { Path.Combine(own, "catalog"), Path.Combine(sample, "catalog") }, $"catalog '{catalog}'");
        var policies = Documents(stands == "start" ? [Path.Combine(own, stands), Path.Combine(sample, "policies")] : [Path.Combine(own, stands)], $"policies '{stands}' of '{catalog}'");
        var (services, set) = (new ServiceCatalog(exists.Documents), new PolicySet(policies.Documents));
        var before = Candidate.Of(services, set);
        Refuse(before.Diagnostics, $"'{stands}' of '{catalog}'");
        return _known[(catalog, stands)] = new World(services, set, before);
    }

    private static ParseResult Documents(IEnumerable<string> folders, string what)
    {
        var tried = folders.ToList();
        var folder = tried.Find(Directory.Exists) ?? throw new InvalidDataException($"there is no {what}: looked in {string.Join(" and ", tried)}");
        var read = DocumentFolder.Read(folder);
        Refuse(read.Diagnostics, what);
        return read;
    }

    private static void Refuse(IEnumerable<Diagnostic> diagnostics, string what)
    {
        if (diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) is { } error) throw new InvalidDataException($"{what}: {error}");
    }
}
