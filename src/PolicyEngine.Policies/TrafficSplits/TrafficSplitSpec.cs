using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Policies.TrafficSplits;

public sealed record TrafficSplitSpec : TargetedSpec
{
    [Field("Versions and their shares, which add up to 100 %.", NotEmpty = true, MaxItems = 16)]
    public required ImmutableArray<SplitBackend> Backends { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check().Concat(Weights.Check(Backends.Select(b => (Percentage?)b.Weight), "backends"))) yield return flaw;
        if (Target.Scope is Scope.Fleet or Scope.Gateway)
            yield return new Flaw(DiagnosticCatalogue.InvalidValue, "target", "a split speaks of one service or route", "target a service or a route");
        for (var i = 0; i < Backends.Length; i++)
            if (Backends.Take(i).Any(b => b.Version == Backends[i].Version && b.Service == Backends[i].Service))
                yield return new Flaw(DiagnosticCatalogue.DuplicateDocument, $"backends[{i}].version", $"version '{Backends[i].Version}' stands twice");
    }
}

public sealed record SplitBackend
{
    [Field("The service, where it is not the target's own.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Service { get; init; }

    [Field("The version.", Pattern = Patterns.Version, Expected = Patterns.VersionExpected, Example = "v2")]
    public required string Version { get; init; }

    [Field("Its share of the requests.", Example = "5%")]
    public required Percentage Weight { get; init; }
}

/// <summary>Weights are shares of a whole: all of them given, adding up to 100 %, or a single one left out.</summary>
internal static class Weights
{
    public static IEnumerable<Flaw> Check(IEnumerable<Percentage?> weights, string field)
    {
        var all = weights.ToArray();
        if (all.Length == 0 || all is [null]) yield break;
        if (Array.IndexOf(all, null) is var missing and >= 0)
        {
            yield return new Flaw(DiagnosticCatalogue.MissingField, $"{field}[{missing}].weight", "where there are several backends each needs a weight");
            yield break;
        }
        var sum = all.Sum(w => (long)w!.Value.Millionths);
        if (sum == Percentage.Whole) yield break;
        var last = all[^1]!.Value.Millionths + (Percentage.Whole - sum);
        yield return new Flaw(DiagnosticCatalogue.WeightsDoNotAddUp, field, $"the weights add up to {sum / 10_000m:0.####} %, not 100 %",
            last is >= 0 and <= Percentage.Whole ? $"for instance {field}[{all.Length - 1}].weight: {Percentage.FromMillionths((int)last)}" : null);
    }
}
