using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Policies.Tests;

public sealed class PlaybookTests
{
    private const string Head = "apiVersion: policyengine.dev/v1\nkind: Playbook\nmetadata: {name: p}\n";

    [Theory]
    [InlineData("{answers: [error-ratio], shiftWeight: {leave: 0%}, lasts: 1h, recoveryWithin: 30s}", null)]
    [InlineData("{answers: [error-ratio], shiftWeight: {leave: 0%}, lasts: 30d, recoveryWithin: 30s}", "PE1003")]
    [InlineData("{answers: [error-ratio], shiftWeight: {leave: 0%}, lasts: 1m, recoveryWithin: 2m}", "PE1003")]
    [InlineData("{answers: [error-ratio], shiftWeight: {leave: 0%}, lasts: 1h, recoveryWithin: 30s, confidence: 50%}", "PE1003")]
    [InlineData("{answers: [flood], shiftWeight: {leave: 0%}, lasts: 1h, recoveryWithin: 30s}", "PE1003")]
    [InlineData("{answers: [flod], limitRate: {requests: 5, per: second}, lasts: 1h, recoveryWithin: 30s}", "PE1003")]
    [InlineData("{answers: [error-ratio], lasts: 1h, recoveryWithin: 30s}", "PE1008")]
    [InlineData("{answers: [error-ratio], shiftWeight: {leave: 0%}, eject: {atMostShare: 50%}, lasts: 1h, recoveryWithin: 30s}", "PE1008")]
    [InlineData("{answers: [error-ratio], shiftWeight: {leave: 0%}, recoveryWithin: 30s}", "PE1004")]
    public void Playbook_BeyondItsBounds_IsRefused(string spec, string? code)
    {
        var result = DocumentParser.Parse(Head + "spec: " + spec, "p.yaml", Kinds.Operations);
        if (code is null) Assert.IsType<PlaybookSpec>(Assert.Single(result.Documents).Spec);
        else Assert.Contains(result.Diagnostics, d => d.Code == code);
    }

    [Fact]
    public void Playbook_AmongPolicies_DoesNotBelongThere()
    {
        var diagnostic = Assert.Single(DocumentParser.Parse(Head + "spec: {answers: [error-ratio], shiftWeight: {leave: 0%}, lasts: 1h, recoveryWithin: 30s}", "p.yaml").Diagnostics);
        Assert.Equal(("PE1005", "a Playbook does not belong here"), (diagnostic.Code, diagnostic.Message));
        var playbooks = DocumentFolder.Read(Path.Combine(RepositoryPaths.Root, "policies", "playbooks"), Kinds.Operations).Documents;
        Assert.Equal(3, playbooks.Length);
        Assert.Empty(new PolicySet(playbooks).Documents);
    }
}
