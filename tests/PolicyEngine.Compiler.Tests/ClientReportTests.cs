using PolicyEngine.Ir;
using PolicyEngine.Policies;
using Xunit;

namespace PolicyEngine.Compiler.Tests;

/// <summary>A fleet that reports clients says so in each of its listeners, and in no one else's.</summary>
public sealed class ClientReportTests
{
    private const string Head = "apiVersion: policyengine.dev/v1\n";

    [Fact]
    public void Listeners_OfAFleetThatReports_BearTheShare_AndNameTheFleet()
    {
        var catalog = new ServiceCatalog(DocumentParser.Parse($$$"""
            {{{Head}}}kind: Gateway
            metadata: {name: public}
            spec: {listeners: [{name: http, port: 8080}, {name: internal, port: 8081}]}
            ---
            {{{Head}}}kind: Fleet
            metadata: {name: edge}
            spec: {nodes: {cluster: edge}, clientReports: {share: 2.5%}}
            ---
            {{{Head}}}kind: Fleet
            metadata: {name: quiet}
            spec: {nodes: {cluster: quiet}}
            ---
            {{{Head}}}kind: Fleet
            metadata: {name: whole}
            spec: {nodes: {cluster: whole}, clientReports: {}}
            """, "c.yaml").Documents);
        var fleets = PolicyCompiler.Compile(catalog, PolicySet.Empty).Fleets.ToDictionary(f => f.Name, f => f.Listeners);
        Assert.All(fleets["edge"], l => Assert.Equal((Percentage.Of(2.5m), "Fleet/edge"), (l.ClientReports, l.Origins[^1])));
        Assert.All(fleets["quiet"], l => Assert.Equal((null, "Gateway/public"), (l.ClientReports, l.Origins[^1])));
        Assert.All(fleets["whole"], l => Assert.Equal(Percentage.Hundred, l.ClientReports));
    }
}
