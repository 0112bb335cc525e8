using Envoy.Extensions.Common.Ratelimit.V3;
using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Type.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using PolicyEngine.Xds.HttpFilters;
using ActionOneof = Envoy.Config.Route.V3.RateLimit.Types.Action;
using EnvoyRateLimit = Envoy.Config.Route.V3.RateLimit;
using Route = PolicyEngine.Ir.Route;

namespace PolicyEngine.Xds.RateLimits;

/// <summary>
/// Local rate limits: one descriptor a policy, named after its document; with a key, one bucket for each value of it (the least recently
/// seen values give way to new ones).
/// </summary>
internal sealed class RateLimitFilter : HttpFilter
{
    private const string StatPrefix = "rate_limit";
    private const string PolicyKey = "policy";

    /// <summary>Buckets kept for the values of one key: a flood of new values must not grow without bound.</summary>
    private const uint MostKeyValues = 10_000;

    public override FilterSlot Slot => FilterSlot.RateLimit;

    public override string Name => "envoy.filters.http.local_ratelimit";

    public override IMessage Idle() => new LocalRateLimit { StatPrefix = StatPrefix };

    public override IMessage? OnRoute(Route route)
    {
        if (route.Traffic.RateLimits.IsEmpty) return null;
        var config = new LocalRateLimit
        {
            StatPrefix = StatPrefix,
            FilterEnabled = Percentage.Hundred.ToRuntime(),
            FilterEnforced = Percentage.Hundred.ToRuntime(),
            // Envoy wants a bucket for what no descriptor matches; nothing is taken from it.
            TokenBucket = new TokenBucket { MaxTokens = uint.MaxValue, TokensPerFill = uint.MaxValue, FillInterval = TimeSpan.FromSeconds(1).ToProto() },
            AlwaysConsumeDefaultTokenBucket = false,
        };
        foreach (var limit in route.Traffic.RateLimits)
        {
            config.RateLimits.Add(Actions(limit));
            config.Descriptors.Add(Descriptor(limit));
        }
        if (route.Traffic.RateLimits.Any(l => l.Key is not null)) config.MaxDynamicDescriptors = MostKeyValues;
        return config;
    }

    private static LocalRateLimitDescriptor Descriptor(Ir.RateLimit limit)
    {
        var descriptor = new LocalRateLimitDescriptor
        {
            TokenBucket = new TokenBucket { MaxTokens = (uint)limit.Burst, TokensPerFill = (uint)limit.Requests, FillInterval = limit.Window.ToProto() },
            ShadowMode = limit.Shadow,
        };
        descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = PolicyKey, Value = limit.Origin });
        // An entry without a value stands for every value, each with its own bucket.
        if (limit.Key is { } key) descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = KeyName(key) });
        return descriptor;
    }

    private static EnvoyRateLimit Actions(Ir.RateLimit limit)
    {
        var actions = new EnvoyRateLimit();
        actions.Actions.Add(new ActionOneof { GenericKey = new ActionOneof.Types.GenericKey { DescriptorKey = PolicyKey, DescriptorValue = limit.Origin } });
        if (limit.Key is { } key) actions.Actions.Add(KeyAction(key));
        return actions;
    }

    private static ActionOneof KeyAction(RateLimitKey key) => key.Source switch
    {
        RateLimitKeySource.ClientIp => new ActionOneof { RemoteAddress = new ActionOneof.Types.RemoteAddress() },
        RateLimitKeySource.ClientRange => new ActionOneof { MaskedRemoteAddress = new ActionOneof.Types.MaskedRemoteAddress { V4PrefixMaskLen = Cidr.ClientPrefixV4, V6PrefixMaskLen = Cidr.ClientPrefixV6 } },
        RateLimitKeySource.Header => new ActionOneof { RequestHeaders = new ActionOneof.Types.RequestHeaders { HeaderName = key.Name, DescriptorKey = KeyName(key) } },
        _ => new ActionOneof { RequestHeaders = new ActionOneof.Types.RequestHeaders { HeaderName = ":path", DescriptorKey = KeyName(key) } },
    };

    private static string KeyName(RateLimitKey key) => key.Source switch
    {
        RateLimitKeySource.ClientIp => "remote_address",
        RateLimitKeySource.ClientRange => "masked_remote_address",
        RateLimitKeySource.Header => "header",
        _ => "path",
    };
}
