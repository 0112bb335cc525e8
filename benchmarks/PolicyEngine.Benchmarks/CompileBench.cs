using System.Diagnostics;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Compiler;
using PolicyEngine.Policies;
using PolicyEngine.Xds;
using PolicyEngine.Xds.Linting;

namespace PolicyEngine.Benchmarks;

/// <summary>From documents to snapshots: cold, again, and after one edit; and the dry run of that edit.</summary>
internal static class CompileBench
{
    private const int Rounds = 21;

    public static void Run(int scale)
    {
        var (catalog, policies) = Workload.Of(scale);
        var before = Environment.WorkingSet;
        var watch = Stopwatch.StartNew();
        var compiled = PolicyCompiler.Compile(catalog, policies);
        var toCompile = watch.Elapsed.TotalMilliseconds;
        var built = compiled.Fleets.Select(f => SnapshotBuilder.Build(f)).ToList();
        var toBuild = watch.Elapsed.TotalMilliseconds;
        foreach (var snapshot1 in built) Lint.Check(snapshot1);
        var toLint = watch.Elapsed.TotalMilliseconds;
        Console.WriteLine($"cold, first in the process: compile {toCompile:0} ms, build and hash {toBuild - toCompile:0} ms, lint {toLint - toBuild:0} ms; working set {before / 1048576} → {Environment.WorkingSet / 1048576} MiB");
        var head = Candidate.Of(catalog, policies);
        if (head.HasErrors) throw new InvalidOperationException(head.Diagnostics[0].ToString());
        Console.WriteLine($"{catalog.Services.Count} services, {policies.Documents.Count} policies (5 routes a service); {head.Snapshots["edge"].Resources.Count()} resources, {head.Snapshots["edge"].Resources.Sum(r => r.Body.Length) / 1024} KiB");
        Report("from nothing, warm: compile", () => PolicyCompiler.Compile(catalog, policies), Rounds / 3);
        Report("from nothing, warm: build and hash", () => head.Compiled.Fleets.Select(f => SnapshotBuilder.Build(f)).ToList(), Rounds / 3);
        var round = 0;
        PolicySet Edited() => policies.Apply([PolicyEdit.Upsert(Workload.Split(2 * (++round % 400), 1 + round % 90))]);
        Report("one edit: compile", () => PolicyCompiler.Compile(catalog, Edited(), head.Compiled));
        var edited = PolicyCompiler.Compile(catalog, Edited(), head.Compiled);
        Report("one edit: build and hash", () => edited.Fleets.Select(f => SnapshotBuilder.Build(f, head.Snapshots[f.Name])).ToList());
        var snapshot = SnapshotBuilder.Build(edited.Fleets[0], head.Snapshots["edge"]);
        Report("one edit: lint", () => Lint.Check(snapshot, head.Snapshots["edge"]));
        Report("one edit: dry run (all of it, with the report and its hash)", () => DryRunReport.Of("c-1", "bench", head, Candidate.Of(catalog, Edited(), head)).Hash());
    }

    private static void Report(string what, Func<object> work, int rounds = Rounds)
    {
        for (var i = 0; i < 3; i++) GC.KeepAlive(work());
        var times = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            GC.KeepAlive(work());
            times[i] = watch.Elapsed.TotalMilliseconds;
        }
        Array.Sort(times);
        Console.WriteLine($"{what}: median {times[rounds / 2]:0.00} ms (min {times[0]:0.00}, max {times[^1]:0.00})");
    }
}
