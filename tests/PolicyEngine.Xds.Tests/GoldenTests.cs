using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Compiler;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using PolicyEngine.Xds.Linting;
using Xunit;

namespace PolicyEngine.Xds.Tests;

/// <summary>The second waist: what the cases of <c>tests/cases</c> are on the wire. Envoy itself judges each.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "cases");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Cases => new(Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)).Where(n => !n.StartsWith("refused", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Build_Case_GivesItsResources(string name)
    {
        foreach (var snapshot in Snapshots(name))
        {
            Assert.Empty(Lint.Check(snapshot));
            // Endpoints and idle listeners are the same everywhere; what a case is about is routes and clusters.
            var json = new JsonObject
            {
                ["routes"] = new JsonArray([.. snapshot[ResourceType.RouteTable].Resources.Values.Select(r => (JsonNode)EnvoyJson.Node(r.Message))]),
                ["clusters"] = new JsonArray([.. snapshot[ResourceType.Cluster].Resources.Values.Select(r => (JsonNode)EnvoyJson.Node(r.Message))]),
            };
            Golden.Match(json.ToJsonString(Indented), Path.Combine(Folder, name, $"{snapshot.Fleet}.xds.json"));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Bootstrap_OfCase_IsTakenByEnvoy(string name)
    {
        foreach (var snapshot in Snapshots(name))
        {
            var (accepted, output) = await EnvoyProcess.Validate(BootstrapWriter.Write(snapshot));
            Assert.True(accepted, output);
        }
    }

    [Fact]
    public void Listener_WhateverThePolicies_IsTheSame()
    {
        var versions = Cases.SelectMany(c => Snapshots(c.Data)).Where(s => s.Fleet == "edge").Select(s => s[ResourceType.Listener].Version).Distinct();
        Assert.Single(versions);
    }

    internal static IEnumerable<Snapshot> Snapshots(string name)
    {
        var catalog = new ServiceCatalog(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
        var policies = new PolicySet(DocumentFolder.Read(Path.Combine(Folder, name, "policies.yaml")).Documents);
        var compiled = PolicyCompiler.Compile(catalog, policies);
        Assert.False(compiled.Diagnostics.HasErrors());
        return compiled.Fleets.Select(f => SnapshotBuilder.Build(f));
    }
}
