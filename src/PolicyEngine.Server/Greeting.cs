using PolicyEngine.Engine;
using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Server.Identity;

namespace PolicyEngine.Server;

/// <summary>What the server says when it is ready: where things are, and the one command to try first.</summary>
internal static class Greeting
{
    public static string Of(ServerOptions options, IReadOnlyList<string> addresses, PolicyEngineService engine, UserFile users, ModelProbe? model)
    {
        var head = engine.Head;
        var token = users.Fresh is { } fresh
            ? $"""

              Admin token, shown this once:  {fresh}
              export POLICYCTL_TOKEN={fresh}
            """
            : "\n  The admin token is the one printed at the first start (--new-token true makes another).";
        var server = addresses[0] == $"http://127.0.0.1:{ServerOptions.DefaultHttpPort}" ? "" : $" --server {addresses[0]}";
        return $"""
            PolicyEngine is ready: {head.Catalog.Services.Count} services, {head.Policies.Documents.Count} policies, {head.Snapshots.Count} fleets.
              REST and console  {addresses[0]}  (OpenAPI at /openapi/v1.json)
              xDS for Envoy     {addresses[1]}
              catalog           {options.Catalog}
              store             {options.Store}
              planner           {(model is null ? "embedded" : $"model, judged by the embedded one: {model}")}
            {token}

              Try first:  ./policyctl submit "send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx"{server}
            """;
    }
}
