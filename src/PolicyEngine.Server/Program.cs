using PolicyEngine.Changes.Stores;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models;
using PolicyEngine.Server;
using PolicyEngine.Server.Identity;

try
{
    await using var app = await ServerApp.StartAsync(args);
    foreach (var problem in app.Problems.Where(d => d.Severity == Severity.Error)) Console.Error.WriteLine(problem);
    var model = app.Services.GetRequiredService<PlannerSet>().Prober is { } prober ? await prober.ProbeAsync(app.Stopping) : null;
    Console.WriteLine(Greeting.Of(app, app.Services.GetRequiredService<PolicyEngineService>(), app.Services.GetRequiredService<UserFile>(), model));
    await app.WaitForShutdownAsync();
    await app.StopAsync();
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or ArgumentException or StoreUnavailableException or InvalidDataException or IOException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
