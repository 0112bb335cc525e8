using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace PolicyEngine.Benchmarks;

/// <summary>
/// Many people at the console at once, each signed in on their own and looking at the list of changes: what a circuit costs the server, and how long it takes until
/// the last of them sees a change that somebody asks for.
/// </summary>
internal static partial class ConsoleBench
{
    private const int WarmUp = 5;
    private const int Pushes = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <param name="server">The server's <c>PolicyEngine.Server.dll</c>, as built or published.</param>
    public static async Task Run(string server, string shop, int people)
    {
        var folder = Directory.CreateTempSubdirectory("policyengine-people-").FullName;
        var info = new ProcessStartInfo("dotnet", [server, "--store", Path.Combine(folder, "store.db"), "--catalog", Path.Combine(shop, "catalog"), "--policies", Path.Combine(shop, "policies"), "--http-port", "0", "--xds-port", "0"]) { RedirectStandardOutput = true };
        using var process = Process.Start(info)!;
        var circuits = new List<Circuit>();
        try
        {
            var (site, token) = await Ready(process);
            using var rest = new HttpClient { BaseAddress = site };
            rest.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            // What the first pages compile and load is no circuit's.
            await Open(WarmUp, site, token, circuits);
            await Push(rest, circuits, 0);
            var before = Resident(process);
            await Open(people, site, token, circuits);
            var opened = Resident(process);
            var waits = new List<double>();
            for (var i = 1; i <= Pushes; i++) waits.Add(await Push(rest, circuits, i));
            var after = Resident(process);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{people} more circuits: resident {before:0} MB before, {opened:0} MB with them ({(opened - before) * 1024 / people:0} KB each), {after:0} MB after {Pushes} pushes ({(after - before) * 1024 / people:0} KB each)"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a change seen by all {circuits.Count}: {string.Join(", ", waits.Select(w => w.ToString("0", CultureInfo.InvariantCulture)))} ms"));
            foreach (var circuit in circuits) await circuit.DisposeAsync();
            circuits.Clear();
        }
        finally
        {
            foreach (var circuit in circuits) await circuit.DisposeAsync();
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task Open(int people, Uri site, string token, List<Circuit> circuits)
    {
        for (var i = 0; i < people; i++)
        {
            var circuit = await Circuit.Open(site, token, "/changes");
            circuits.Add(circuit);
            using var limit = new CancellationTokenSource(Limit);
            await circuit.Sees("Changes", limit.Token);
        }
    }

    /// <summary>Milliseconds from asking for a change, in words that nobody used before, until each circuit has rendered them.</summary>
    private static async Task<double> Push(HttpClient rest, List<Circuit> circuits, int round)
    {
        using var limit = new CancellationTokenSource(Limit);
        var words = $"please look at what number {round} of {Environment.ProcessId} means";
        var watch = Stopwatch.StartNew();
        var seen = Task.WhenAll(circuits.Select(c => c.Sees(words, limit.Token)));
        (await rest.PostAsJsonAsync("/api/v1/changes", new { intent = words })).EnsureSuccessStatusCode();
        await seen;
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<(Uri Site, string Token)> Ready(Process process)
    {
        var (site, token) = ((Uri?)null, (string?)null);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Address().Match(line) is { Success: true } address) site ??= new Uri(address.Value);
            if (Token().Match(line) is { Success: true } fresh) token ??= fresh.Value;
            if (!line.Contains("Try first", StringComparison.Ordinal)) continue;
            // It goes on writing: what nobody reads would hold it up.
            _ = process.StandardOutput.ReadToEndAsync();
            return (site!, token ?? throw new InvalidOperationException("the server printed no token"));
        }
        throw new InvalidOperationException("the server ended before it was ready");
    }

    private static double Resident(Process process)
    {
        process.Refresh();
        return process.WorkingSet64 / 1048576.0;
    }

    [GeneratedRegex(@"http://[^\s/]+:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"pe_[A-Za-z0-9_-]+")]
    private static partial Regex Token();
}
