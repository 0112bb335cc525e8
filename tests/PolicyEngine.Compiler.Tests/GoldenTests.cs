using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Compiler.Tests;

/// <summary>Every case in <c>tests/cases</c> is a policy set on the sample shop's catalog; here is what it means, and what is said of it.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "cases");

    public static TheoryData<string> Cases => Golden.Cases(Folder);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_Case_GivesItsIrAndDiagnostics(string name)
    {
        var result = PolicyCompiler.Compile(Inputs.Shop, Inputs.Read(Path.Combine(Folder, name, "policies.yaml")));
        Golden.Match(IrJson.Write(result.Fleets), Path.Combine(Folder, name, "ir.json"));
        Golden.Match(string.Join('\n', result.Diagnostics.Select(d => d.ToString().Replace(Path.Combine(Folder, name) + "/", "", StringComparison.Ordinal))), Path.Combine(Folder, name, "diagnostics.txt"));
        Assert.Equal(name.StartsWith("refused", StringComparison.Ordinal), result.HasErrors);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_Twice_GivesTheSameBytes(string name)
    {
        var policies = Inputs.Read(Path.Combine(Folder, name, "policies.yaml"));
        Assert.Equal(IrJson.Write(PolicyCompiler.Compile(Inputs.Shop, policies).Fleets), IrJson.Write(PolicyCompiler.Compile(Inputs.Shop, policies).Fleets));
    }
}

internal static class Inputs
{
    public static ServiceCatalog Shop { get; } = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);

    public static PolicySet ShopPolicies { get; } = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);

    public static PolicySet Read(string folder)
    {
        var read = DocumentFolder.Read(folder);
        Assert.Empty(read.Diagnostics);
        return new PolicySet(read.Documents);
    }
}
