using PolicyEngine.Cli.Evals;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests.Evals;

public sealed class CaseFileTests
{
    [Fact]
    public void Cases_AreReadWithoutError_StandInTheSetOfTheirRule_AndAThirdIsHeldOut()
    {
        var (cases, diagnostics) = CaseReader.Read(Cases, Enum.GetValues<EvalSet>());
        Assert.Empty(diagnostics);
        Assert.All(cases, c => Assert.Equal(CaseReader.SetOf(c.Category, c.Case.Id), c.Set));
        Assert.All(cases, c => Assert.StartsWith(c.Category + "-", c.Case.Id, StringComparison.Ordinal));
        Assert.All(cases.GroupBy(c => c.Category), g => Assert.True(g.Count(c => c.Set == EvalSet.HeldOut) >= 2, g.Key));
        Assert.InRange(cases.Count(c => c.Set == EvalSet.HeldOut) / (double)cases.Length, 0.3, 0.36);
        Assert.True(cases.Length >= 420, $"{cases.Length} cases");
    }

    [Fact]
    public void Cases_Mistyped_AreErrorsThatNameTheNearestField()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        Directory.CreateDirectory(Path.Combine(folder, "open"));
        File.WriteAllText(Path.Combine(folder, "open", "x.yaml"), "category: x\ncases:\n  - {id: x-01, catalog: shop, say: hello, efect: []}\n");
        var (_, diagnostics) = CaseReader.Read(folder, [EvalSet.Open]);
        Assert.Contains("effect", Assert.Single(diagnostics).Fix, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Cases_ThatNameAVersionOfNoService_AreErrorsThatSayHowToNameIt()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        Directory.CreateDirectory(Path.Combine(folder, "open"));
        File.WriteAllText(Path.Combine(folder, "open", "x.yaml"), "category: x\ncases:\n  - {id: x-01, catalog: shop, say: hello, effect: [{host: a.test, to: {v2: '100'}}], or: [{effect: [{host: a.test, to: {cart.v2: '100'}}, {service: cart, to: {v2: '100'}}]}]}\n");
        var (_, diagnostics) = CaseReader.Read(folder, [EvalSet.Open]);
        Assert.Contains("service.v2", Assert.Single(diagnostics).Fix, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    private static string Cases => Path.Combine(RepositoryPaths.Root, "evals", "cases");
}
