using System.Xml.Linq;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Architecture.Tests;

/// <summary>The arrows between projects, and the rules of the house that a program can check.</summary>
public sealed class ArchitectureTests
{
    private const int MostLines = 400;

    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Ir"] = [],
        ["Policies"] = ["Ir"],
        ["Compiler"] = ["Policies", "Ir"],
        ["Envoy"] = [],
        ["Xds"] = ["Ir", "Envoy"],
        ["Planning"] = ["Policies", "Ir"],
        ["Telemetry"] = ["Policies", "Ir"],
        ["Changes"] = ["Compiler", "Policies", "Xds", "Ir", "Envoy"],
        ["ControlPlane"] = ["Xds", "Envoy", "Ir"],
        ["Engine"] = ["Planning", "Telemetry", "Changes", "Compiler", "Policies", "Xds", "Ir"],
        ["Console"] = ["Engine", "Policies", "Ir"],
        ["Server"] = ["Engine", "ControlPlane", "Console", "Planning", "Telemetry", "Changes", "Compiler", "Policies", "Xds", "Envoy", "Ir"],
        ["Agent"] = ["ControlPlane", "Xds", "Envoy", "Ir"],
        ["Cli"] = ["Agent", "Engine", "Planning", "Telemetry", "Changes", "Compiler", "Policies", "Xds", "Ir"],
    };

    public static TheoryData<string> Projects => new(Directory.EnumerateDirectories(Path.Combine(RepositoryPaths.Root, "src")).Select(d => Path.GetFileName(d)["PolicyEngine.".Length..]).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyWhatItMay(string name)
    {
        var references = Items(name, "ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r)["PolicyEngine.".Length..]);
        Assert.Empty(references.Except(MayReference[name]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_StandsOn_OnlyWhatItMay(string name)
    {
        var packages = Items(name, "PackageReference").ToList();
        var web = Items(name, "FrameworkReference").Any() || Project(name).Root!.Attribute("Sdk")!.Value.EndsWith(".Web", StringComparison.Ordinal);
        if (name is not ("ControlPlane" or "Agent" or "Console" or "Server")) Assert.False(web);
        if (name is "Ir" or "Policies" or "Compiler" or "Envoy" or "Xds") Assert.DoesNotContain(packages, p => p.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));
        if (name is not ("Planning" or "Server")) Assert.DoesNotContain(packages, p => p.Contains("SemanticKernel", StringComparison.Ordinal) || p.Contains("OpenAI", StringComparison.Ordinal));
    }

    [Fact]
    public void SourceFiles_StayBelowTheBound() => Assert.All(Sources(), f => Assert.True(File.ReadLines(f).Count() <= MostLines, $"{f} has more than {MostLines} lines"));

    [Fact]
    public void SourceFiles_HaveNothingUnfinished()
    {
        string[] words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        Assert.All(Sources(), f => Assert.DoesNotContain(words, w => File.ReadAllText(f).Contains(w, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Sources() => new[] { "src", "tests", "benchmarks" }
        .SelectMany(d => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, d), "*.cs", SearchOption.AllDirectories))
        .Where(f => !f.Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin"));

    private static XDocument Project(string name) => XDocument.Load(Path.Combine(RepositoryPaths.Root, "src", $"PolicyEngine.{name}", $"PolicyEngine.{name}.csproj"));

    private static IEnumerable<string> Items(string name, string item) => Project(name).Descendants(item).Select(e => e.Attribute("Include")!.Value);
}
