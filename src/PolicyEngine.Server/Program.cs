using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models;
using PolicyEngine.Server;
using PolicyEngine.Server.Identity;

try
{
    var (app, options, read) = ServerApp.Build(args);
    var engine = app.Services.GetRequiredService<PolicyEngineService>();
    var problems = read.Concat(engine.Start()).ToList();
    await app.StartAsync();
    foreach (var problem in problems.Where(d => d.Severity == Severity.Error)) Console.Error.WriteLine(problem);
    var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
    var model = app.Services.GetRequiredService<PlannerSet>().Prober is { } prober ? await prober.ProbeAsync(app.Lifetime.ApplicationStopping) : null;
    Console.WriteLine(Greeting.Of(options, addresses, engine, app.Services.GetRequiredService<UserFile>(), model));
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or ArgumentException or StoreUnavailableException or InvalidDataException or IOException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
