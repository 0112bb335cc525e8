using System.Text;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.ControlPlane.Streams;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Services;

/// <summary>
/// REST-JSON: <c>POST /v3/discovery:clusters</c> and the like, a DiscoveryRequest in proto3 JSON. 200 with a DiscoveryResponse, 304 without a
/// body where the client has that version.
/// </summary>
internal static class RestDiscovery
{
    private static readonly JsonParser.Settings Tolerant = JsonParser.Settings.Default.WithIgnoreUnknownFields(true);

    private static readonly JsonParser Parser = new(Tolerant);

    /// <summary>For the rare request with a packed message in it (the details of an error): all types take more than a second to look up.</summary>
    private static readonly Lazy<JsonParser> ParserOfPacked = new(() => new JsonParser(Tolerant.WithTypeRegistry(EnvoyTypes.Registry)));

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var api in DiscoveryApi.All)
            if (api is { Rest: { } noun, Type: { } type }) endpoints.MapPost("/v3/discovery:" + noun, http => Answer(http, type)).WithMetadata(new Marker());
    }

    private static async Task Answer(HttpContext http, ResourceType type)
    {
        var shared = http.RequestServices.GetRequiredService<StreamContext>();
        try
        {
            var peer = Peer.Of(http);
            using var place = await http.RequestServices.GetRequiredService<StreamGate>().Enter(peer, http.RequestAborted);
            var request = await Read(http, shared.Options.MaxRequestBytes);
            var wanted = Selection.Of(shared, type, request, peer);
            http.Response.Headers["x-envoy-control-plane-identifier"] = shared.Options.Identifier;
            if (request.VersionInfo == wanted.Set.Version.Short)
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            var body = shared.Encoder.Json(wanted.Set, wanted.Key, wanted.Resources);
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
        catch (RpcException e)
        {
            await Refuse(http, Status(e.StatusCode), e.Status.Detail);
        }
        catch (BadHttpRequestException e)
        {
            await Refuse(http, e.StatusCode, e.Message);
        }
    }

    private static int Status(StatusCode code) => code switch
    {
        StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status400BadRequest,
    };

    private static async Task<DiscoveryRequest> Read(HttpContext http, int most)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = most;
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        try
        {
            return text.Contains("\"@type\"", StringComparison.Ordinal) ? ParserOfPacked.Value.Parse<DiscoveryRequest>(text) : Parser.Parse<DiscoveryRequest>(text);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new BadHttpRequestException("the body is no DiscoveryRequest in proto3 JSON: " + Limits.Bounded(e.Message), StatusCodes.Status400BadRequest);
        }
    }

    private static Task Refuse(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(why + "\n", http.RequestAborted);
    }

    /// <summary>On what is discovery by REST.</summary>
    internal sealed class Marker;
}
