using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;
using PolicyEngine.Console.Live;
using PolicyEngine.Console.Sources;

namespace PolicyEngine.Console;

/// <summary>The console in a host. The host supplies <see cref="IDesks"/> and <see cref="INodes"/>, and <see cref="IFindings"/> where somebody looks at the traffic.</summary>
public static class ConsoleHosting
{
    /// <summary>Where a plain form signs in (field <c>token</c>, and <c>return</c> for where to go on).</summary>
    public const string SignInPath = "/sign-in";

    /// <summary>GET: 204 while signed in, else 401. POST: sign in.</summary>
    public const string SessionPath = "/session";

    public const string SignOutPath = "/session/end";

    /// <summary>Where the circuits are: what ends with the session.</summary>
    public const string CircuitPath = "/_blazor";

    /// <summary>Circuits whose connection is gone are kept for this long, and this many at most, the latest.</summary>
    public const int MostDisconnected = 50;

    public static readonly TimeSpan DisconnectedFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan PersistedFor = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Scripts only from here and none inline. Styles may be inline: MudBlazor writes the palette as a style element and sizes as style attributes,
    /// and what they hold is never text of a user.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(Bounds);
        services.AddCascadingAuthenticationState();
        services.AddMudServices();
        services.TryAddSingleton<IFindings, NoFindings>();
        services.AddSingleton<Pulse>();
        services.AddHostedService(s => s.GetRequiredService<Pulse>());
        return services;
    }

    /// <summary>
    /// Who comes back soon finds the page as it was; who does not is not waited for. All that a page shows is read anew anyway, so little is lost: what was typed.
    /// </summary>
    private static void Bounds(CircuitOptions circuits)
    {
        circuits.DisconnectedCircuitMaxRetained = MostDisconnected;
        circuits.DisconnectedCircuitRetentionPeriod = DisconnectedFor;
        circuits.PersistedCircuitInMemoryMaxRetained = MostDisconnected;
        circuits.PersistedCircuitInMemoryRetentionPeriod = PersistedFor;
    }

    /// <summary>The pages and their circuits; each needs <paramref name="policy"/>, but for those that say that they do not.</summary>
    public static void MapConsole(this IEndpointRouteBuilder endpoints, string policy)
    {
        endpoints.MapStaticAssets();
        // The whole header is ours, so Blazor adds none.
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = null).RequireAuthorization(policy);
    }
}
