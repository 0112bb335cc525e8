using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using PolicyEngine.ControlPlane.Admission;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>
/// A second port beside the nodes' one, for clients of REST-JSON that speak HTTP/1.1 only, as Envoy's REST sources may. Nothing but discovery by
/// REST is there. Connections of this port bear a mark, whatever other ports the host has.
/// </summary>
public static class RestPort
{
    private static readonly MinDataRate Slowest = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>HTTP/1.1, with TLS where files for it are given; without it is for loopback only.</summary>
    public static void ListenForRest(this KestrelServerOptions kestrel, IPAddress address, int port, TlsFiles? tls = null) => kestrel.Listen(address, port, l =>
    {
        l.Protocols = HttpProtocols.Http1;
        l.UseTls(tls, SslApplicationProtocol.Http11);
        l.Use(next => connection =>
        {
            connection.Features.Set(Mark.Here);
            return next(connection);
        });
    });

    /// <summary>Whatever else the host has is not found here, however it is asked for.</summary>
    internal static Task Guard(HttpContext http, RequestDelegate next)
    {
        if (http.Features.Get<Mark>() is null) return next(http);
        if (http.GetEndpoint() is { } found && found.Metadata.GetMetadata<RestDiscovery.Marker>() is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        // Streams may be silent and so the host has no least rate; a fetch that dawdles only holds a place.
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } reading) reading.MinDataRate = Slowest;
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } writing) writing.MinDataRate = Slowest;
        return next(http);
    }

    private sealed class Mark
    {
        public static readonly Mark Here = new();
    }
}
