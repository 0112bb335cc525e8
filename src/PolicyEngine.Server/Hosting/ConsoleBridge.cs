using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using PolicyEngine.Console;
using PolicyEngine.Console.Sources;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Engine;
using PolicyEngine.Engine.Desks;
using PolicyEngine.Server.Identity;
using PolicyEngine.Xds;

namespace PolicyEngine.Server.Hosting;

/// <summary>The console in this host: who is signed in, and who is connected.</summary>
internal static class ConsoleBridge
{
    private const string Policy = "console";

    public static void AddConsoleHere(this IServiceCollection services)
    {
        services.AddSingleton<SessionBook>();
        services.AddTransient<SessionHandler>();
        services.Configure<Microsoft.AspNetCore.Authentication.AuthenticationOptions>(a => a.AddScheme<SessionHandler>(SessionHandler.SchemeName, null));
        services.Configure<AuthorizationOptions>(o => o.AddPolicy(Policy, p => p.AddAuthenticationSchemes(SessionHandler.SchemeName).RequireAuthenticatedUser()));
        // Sessions and circuits end with the process, so the keys of forms and circuits may too: none lie on a disk.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        // What is the same for everybody and holds no secret; pages are not compressed.
        services.AddResponseCompression(o => o.MimeTypes = ["text/css", "text/javascript", "image/svg+xml"]);
        services.AddSingleton<IDesks, SessionDesks>();
        services.AddSingleton<INodes, RegistryNodes>();
        services.AddConsole();
    }

    /// <summary>First of all: also what is refused later has these headers.</summary>
    public static void UseBrowserHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ConsoleHosting.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(http);
    });

    public static void UseConsoleHere(this WebApplication app)
    {
        app.UseResponseCompression();
        app.UseWhen(http => http.Request.Path.StartsWithSegments(ConsoleHosting.CircuitPath), circuits => circuits.Use(EndWithSession));
        app.UseAntiforgery();
        app.MapSessions(Policy);
        app.MapConsole(Policy);
    }

    /// <summary>A session that ends takes its connections along; coming back needs to be signed in.</summary>
    private static async Task EndWithSession(HttpContext http, RequestDelegate next)
    {
        var session = SessionHandler.SessionId(http.User) is { } id ? http.RequestServices.GetRequiredService<SessionBook>().Find(id) : null;
        using var end = session?.Ended.Register(http.Abort);
        await next(http);
    }

    private sealed class SessionDesks(SessionBook sessions, UserFile users, PolicyEngineService engine) : IDesks
    {
        public Desk? Of(ClaimsPrincipal person) => SessionHandler.SessionId(person) is { } id && sessions.Find(id) is { } session
            ? new Desk(engine, Principals.Actor(person), () => users.Count, session.Ended)
            : null;
    }

    private sealed class RegistryNodes(NodeRegistry registry, SnapshotCache cache, PolicyEngineService engine) : INodes
    {
        private const int MostRefusals = 50;
        private ImmutableList<RefusalView> _refusals = [];

        public IReadOnlyList<RefusalView> Refusals => _refusals;

        public IReadOnlyList<NodeView> Nodes => [.. registry.Nodes.Select(n => new NodeView(n.Stream, n.Node.Id, n.Node.UserAgent, n.Fleet, n.ConnectedAt, n.Protocol, State(n.State), [.. n.Types.Select(t => Type(n.Node.Id, t))]))];

        public IReadOnlyList<FleetStatus> Fleets => [.. engine.Head.Snapshots.Values.Select(s => (Snapshot: s, Acks: registry.Of(cache.AsServed(s)))).Select(f => new FleetStatus(f.Snapshot.Fleet, f.Snapshot.Revision.Short, f.Acks.Nodes, f.Acks.Acknowledged, f.Acks.Rejected))];

        public async Task WatchAsync(Action changed, CancellationToken cancellation)
        {
            await foreach (var happened in registry.Watch(_ => true, cancellation))
            {
                if (happened is { Rejection: { } rejection, Type: { } type }) _refusals = [.. _refusals.Prepend(Refusal(happened.NodeId, type, rejection)).Take(MostRefusals)];
                changed();
            }
        }

        private static NodeTypeView Type(string node, TypeStatus t) => new(t.Type.ShortName, State(t.State), t.Acknowledged.Short, t.Rejection is { } r ? Refusal(node, t.Type, r) : null);

        private static RefusalView Refusal(string node, ResourceType type, Rejection r) => new(node, type.ShortName, r.At, r.Version.Short, r.Message, r.Suspects);

        private static NodeState State(SyncState state) => state switch { SyncState.Rejected => NodeState.Refused, SyncState.Sent => NodeState.Sent, SyncState.Synced => NodeState.Synced, _ => NodeState.Waiting };
    }
}
