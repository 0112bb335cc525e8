using System.Collections.Frozen;
using System.Collections.Immutable;
using PolicyEngine.Compiler.Authorizations;
using PolicyEngine.Compiler.Faults;
using PolicyEngine.Compiler.Headers;
using PolicyEngine.Compiler.Mirrors;
using PolicyEngine.Compiler.RateLimits;
using PolicyEngine.Compiler.Retries;
using PolicyEngine.Compiler.Timeouts;
using PolicyEngine.Compiler.TrafficSplits;

namespace PolicyEngine.Compiler.Combining;

/// <summary>The one list of features.</summary>
internal static class TrafficFeatures
{
    public static ImmutableArray<ITrafficFeature> All { get; } =
    [
        new TrafficSplitFeature(), new TimeoutFeature(), new RetryFeature(), new RateLimitFeature(), new AuthorizationFeature(), new MirrorFeature(), new FaultFeature(), new HeadersFeature(),
    ];

    private static readonly FrozenDictionary<Type, ITrafficFeature> BySpec = All.ToFrozenDictionary(f => f.SpecType);

    public static ITrafficFeature Of(Type spec) => BySpec[spec];
}
