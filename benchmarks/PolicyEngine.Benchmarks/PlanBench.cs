using System.Diagnostics;
using PolicyEngine.Planning;

namespace PolicyEngine.Benchmarks;

/// <summary>The embedded planner on a catalog of 1,000 services, without the compiler's word.</summary>
internal static class PlanBench
{
    private static readonly string[] Intents =
    [
        "send 5% of service-0100 traffic to v2, with a 2s timeout and two retries on 5xx",
        "limit service-0200 to 100 requests per minute per client",
        "block 10.0.0.0/8 from service-0300",
        "send 5% of servce-0400 to v2",
        "what is the weather in Paris",
    ];

    public static void Run()
    {
        var (catalog, policies) = Workload.Of(1);
        foreach (var intent in Intents)
        {
            var times = new List<double>();
            for (var i = 0; i < 60; i++)
            {
                var watch = Stopwatch.StartNew();
                GC.KeepAlive(EmbeddedPlanner.Plan(new PlanRequest { Intent = intent, Catalog = catalog, Policies = policies }));
                if (i >= 10) times.Add(watch.Elapsed.TotalMilliseconds);
            }
            times.Sort();
            Console.WriteLine($"median {times[25]:0.000} ms, p90 {times[45]:0.000} ms  {intent}");
        }
    }
}
