using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using PolicyEngine.Ir;
using PolicyEngine.Xds.ClientReports;
using PolicyEngine.Xds.HttpFilters;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;
using Listener = PolicyEngine.Ir.Listener;

namespace PolicyEngine.Xds.Listeners;

/// <summary>A listener depends on its gateway and its fleet only, never on a policy: see <see cref="HttpFilter"/>.</summary>
internal static class ListenerEmitter
{
    public static EnvoyListener Emit(Listener listener, FleetRole role)
    {
        var manager = Manager(listener, role);
        if (listener.Address is not { } address)
            return new EnvoyListener { Name = listener.Name, ApiListener = new ApiListener { ApiListener_ = Canonical.Pack(manager) } };
        return new EnvoyListener
        {
            Name = listener.Name,
            Address = new Address { SocketAddress = new SocketAddress { Address = address, PortValue = (uint)listener.Port } },
            FilterChains =
            {
                new FilterChain { TransportSocket = listener.Tls is { } tls ? ListenerSocket.Of(tls) : null, Filters = { new Filter { Name = "envoy.filters.network.http_connection_manager", TypedConfig = Canonical.Pack(manager) } } },
            },
        };
    }

    private static HttpConnectionManager Manager(Listener listener, FleetRole role)
    {
        var manager = new HttpConnectionManager
        {
            StatPrefix = listener.Name,
            Rds = new Rds { ConfigSource = Protos.Ads, RouteConfigName = listener.RouteTable },
            HttpFilters = { HttpFilterChain.Of(role) },
        };
        if (role == FleetRole.Proxyless) return manager;
        // What Envoy's own guidance for an edge proxy asks for: the peer is the client, and paths have one spelling before anything matches them.
        manager.UseRemoteAddress = true;
        manager.NormalizePath = true;
        manager.MergeSlashes = true;
        manager.PathWithEscapedSlashesAction = HttpConnectionManager.Types.PathWithEscapedSlashesAction.UnescapeAndRedirect;
        if (listener.ClientReports is { } share) manager.AccessLog.Add(ClientReportLog.Of(share));
        return manager;
    }
}
