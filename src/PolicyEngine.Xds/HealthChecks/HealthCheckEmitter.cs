using System.Text;
using Envoy.Type.V3;
using PolicyEngine.Ir;
using EnvoyCheck = Envoy.Config.Core.V3.HealthCheck;

namespace PolicyEngine.Xds.HealthChecks;

internal static class HealthCheckEmitter
{
    public static EnvoyCheck Emit(HealthCheck check, UpstreamProtocol protocol)
    {
        var emitted = new EnvoyCheck
        {
            Timeout = check.Timeout.ToProto(),
            Interval = check.Interval.ToProto(),
            // Else an endpoint without requests would be checked once a minute: one that nobody uses yet, and all of those that others are to use.
            NoTrafficInterval = check.Interval.ToProto(),
            UnhealthyThreshold = (uint)check.UnhealthyThreshold,
            HealthyThreshold = (uint)check.HealthyThreshold,
        };
        if (check.Http is { } http) emitted.HttpHealthCheck = Http(http, protocol);
        if (check.Tcp is { } tcp) emitted.TcpHealthCheck = Tcp(tcp);
        if (check.Grpc is { } grpc) emitted.GrpcHealthCheck = new EnvoyCheck.Types.GrpcHealthCheck { ServiceName = grpc.Service ?? "" };
        return emitted;
    }

    private static EnvoyCheck.Types.HttpHealthCheck Http(HttpQuestion question, UpstreamProtocol protocol)
    {
        var http = new EnvoyCheck.Types.HttpHealthCheck { Path = question.Path, Host = question.Host ?? "", CodecClientType = protocol == UpstreamProtocol.Http1 ? CodecClientType.Http1 : CodecClientType.Http2 };
        foreach (var status in question.Statuses)
            if (http.ExpectedStatuses is [.., var last] && last.End == status) last.End++;
            else http.ExpectedStatuses.Add(new Int64Range { Start = status, End = status + 1 });
        return http;
    }

    private static EnvoyCheck.Types.TcpHealthCheck Tcp(TcpQuestion question)
    {
        var tcp = new EnvoyCheck.Types.TcpHealthCheck();
        if (question.Send is { Length: > 0 } send) tcp.Send = Payload(send);
        if (question.Receive is { Length: > 0 } receive) tcp.Receive.Add(Payload(receive));
        return tcp;
    }

    private static EnvoyCheck.Types.Payload Payload(string text) => new() { Text = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)) };
}
