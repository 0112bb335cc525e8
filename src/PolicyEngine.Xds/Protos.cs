using Envoy.Config.Core.V3;
using Envoy.Type.V3;
using PolicyEngine.Ir;
using ProtoDuration = Google.Protobuf.WellKnownTypes.Duration;

namespace PolicyEngine.Xds;

/// <summary>Values of the IR in Envoy's forms.</summary>
internal static class Protos
{
    /// <summary>From the aggregated stream that the node is connected to anyway.</summary>
    public static ConfigSource Ads => new() { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3 };

    public static ProtoDuration ToProto(this TimeSpan duration) => ProtoDuration.FromTimeSpan(duration);

    /// <summary>In hundredths where that is exact, else in millionths.</summary>
    public static FractionalPercent ToProto(this Percentage percentage) => percentage.Millionths % 10_000 == 0
        ? new() { Numerator = (uint)(percentage.Millionths / 10_000), Denominator = FractionalPercent.Types.DenominatorType.Hundred }
        : new() { Numerator = (uint)percentage.Millionths, Denominator = FractionalPercent.Types.DenominatorType.Million };

    public static RuntimeFractionalPercent ToRuntime(this Percentage percentage) => new() { DefaultValue = percentage.ToProto() };

    public static CidrRange ToProto(this Cidr cidr) => new() { AddressPrefix = cidr.Address, PrefixLen = (uint)cidr.PrefixLength };
}
