using FsCheck.Xunit;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;
using PolicyEngine.Policies.TrafficSplits;
using Xunit;

namespace PolicyEngine.Compiler.Tests;

/// <summary>What is taken over from an earlier compilation changes the cost, never the result.</summary>
public sealed class IncrementalTests
{
    private static readonly string[] Services = ["checkout", "search", "orders"];

    [Property(MaxTest = 60)]
    public bool Compile_AfterAnyEdits_IsAsFromNothing(List<byte> steps)
    {
        var (policies, previous) = (Inputs.ShopPolicies, PolicyCompiler.Compile(Inputs.Shop, Inputs.ShopPolicies));
        foreach (var step in steps.Take(12))
        {
            policies = policies.Apply([Edit(step, policies)]);
            previous = PolicyCompiler.Compile(Inputs.Shop, policies, previous);
            var fresh = PolicyCompiler.Compile(Inputs.Shop, policies);
            if (IrJson.Write(previous.Fleets) != IrJson.Write(fresh.Fleets) || !previous.Diagnostics.Select(d => d.ToString()).SequenceEqual(fresh.Diagnostics.Select(d => d.ToString()))) return false;
        }
        return true;
    }

    [Fact]
    public void Compile_OneEdit_KeepsEveryOtherHostTheSameObject()
    {
        var before = PolicyCompiler.Compile(Inputs.Shop, Inputs.ShopPolicies);
        var after = PolicyCompiler.Compile(Inputs.Shop, Inputs.ShopPolicies.Apply([Edit(0, Inputs.ShopPolicies)]), before);
        Assert.Same(before.Fleets[0].Listeners.Length == 0 ? null : before.Fleets[0].Upstreams[0], after.Fleets[0].Upstreams[0]);
        Assert.Same(before.Fleets.Single(f => f.Name == "grpc-clients").RouteTables[0], after.Fleets.Single(f => f.Name == "grpc-clients").RouteTables[0]);
    }

    private static PolicyEdit Edit(byte step, PolicySet policies)
    {
        var service = Services[step % 3];
        if (step % 5 == 4 && policies.Find(Kinds.TrafficSplit, service) is { } standing) return PolicyEdit.Remove(standing);
        return step % 2 == 0
            ? PolicyEdit.Upsert(Document.Of(service, new TrafficSplitSpec
            {
                Target = Target.OfService(service),
                Backends = [new SplitBackend { Version = "v1", Weight = Percentage.Of(100 - step % 100) }, new SplitBackend { Version = "v2", Weight = Percentage.Of(step % 100) }],
            }))
            : PolicyEdit.Upsert(Document.Of($"{service}-{step % 4}", new TimeoutSpec { Target = Target.OfService(service), Request = TimeSpan.FromMilliseconds(100 + step) }));
    }
}
