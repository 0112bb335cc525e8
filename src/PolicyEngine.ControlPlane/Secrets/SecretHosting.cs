using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Live;

namespace PolicyEngine.ControlPlane.Secrets;

public static class SecretHosting
{
    /// <summary>Secrets beside what is published. The host supplies <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSecrets(this IServiceCollection services, string? folder, Func<IEnumerable<SecretPlace>> places)
    {
        services.AddSingleton(s => new SecretLayer(folder, places, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SecretLayer>>()));
        services.AddSingleton<ILiveLayer>(s => s.GetRequiredService<SecretLayer>());
        services.AddHostedService(s => new SecretWatcher(s.GetRequiredService<SecretLayer>(), folder, s.GetRequiredService<TimeProvider>()));
        return services;
    }
}
