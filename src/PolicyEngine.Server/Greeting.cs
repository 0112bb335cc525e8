using PolicyEngine.Engine;
using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Server.Identity;

namespace PolicyEngine.Server;

/// <summary>What the server says when it is ready: where things are, and the one command to try first.</summary>
internal static class Greeting
{
    public static string Of(ServerApp app, PolicyEngineService engine, UserFile users, ModelProbe? model)
    {
        var (head, options, address) = (engine.Head, app.Options, Shown(app.Address));
        var token = users.Fresh is { } fresh
            ? $"""

              Admin token, shown this once:  {fresh}
              export POLICYCTL_TOKEN={fresh}
            """
            : "\n  The admin token is the one printed at the first start (--new-token true makes another).";
        var server = address == $"http://127.0.0.1:{ServerOptions.DefaultHttpPort}" ? "" : $" --server {address}";
        var rest = app.XdsRestAddress is { } other ? $"\n  xDS by HTTP/1.1   {Shown(other)}  (REST-JSON only)" : "";
        return $"""
            PolicyEngine is ready: {head.Catalog.Services.Count} services, {head.Policies.Documents.Count} policies, {head.Snapshots.Count} fleets.
              REST and console  {address}  (OpenAPI at /openapi/v1.json)
              xDS for Envoy     {Shown(app.XdsAddress)}{rest}
              catalog           {options.Catalog}
              store             {options.Store}
              planner           {(model is null ? "embedded" : $"model, judged by the embedded one: {model}")}
            {token}

              Try first:  ./policyctl submit "send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx"{server}
            """;
    }

    private static string Shown(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
