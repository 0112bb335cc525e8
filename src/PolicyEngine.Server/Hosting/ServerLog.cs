namespace PolicyEngine.Server.Hosting;

/// <summary>What the server writes to its standard output: its own news, and of the framework's only what is wrong.</summary>
internal static class ServerLog
{
    public static ILoggingBuilder AddServerLog(this ILoggingBuilder logging) => logging.ClearProviders().AddSimpleConsole()
        .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("PolicyEngine.Server.Identity", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None)
        // "No snapshot yet" is what every start begins with; whoever watches asks gRPC health.
        .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
}
