using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
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
    Console.WriteLine(Greeting.Of(options, addresses, engine, app.Services.GetRequiredService<TokenFile>()));
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or StoreUnavailableException or InvalidDataException or IOException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
