using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using PolicyEngine.Cli.Evals;
using PolicyEngine.Planning;

namespace PolicyEngine.Benchmarks.Reader;

internal static class WordHunt
{
    private static readonly string[] Words = [""];

    public static int Run(string output)
    {
        var folders = EvalFolders.Find(null)!;
        var worlds = folders.Worlds();
        var cases = Sentences.Read(folders).Where(c => c.Id.StartsWith("training-", StringComparison.Ordinal) && c.Expect == Expected.Effect).ToList();
        foreach (var (catalog, stands) in cases.Select(c => (c.Catalog, c.Stands)).Distinct()) worlds.Of(catalog, stands);
        var found = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        var wrong = new ConcurrentDictionary<string, ConcurrentBag<string>>();
        Parallel.ForEach(cases, c =>
        {
            var world = worlds.Of(c.Catalog, c.Stands);
            Plan Of(string text) => EmbeddedPlanner.Grammatical(new PlanRequest { Intent = text, Catalog = world.Catalog, Policies = world.Policies, Now = EvalRunner.Now });
            var plan = Of(c.Say);
            if (plan.Status == PlanStatus.Planned) return;
            var unknown = plan.Questions.Where(q => q.Text.StartsWith("I did not understand", StringComparison.Ordinal)).SelectMany(q => Regex.Matches(q.Text, "'([^']+)'").Select(m => m.Groups[1].Value)).Distinct().Take(4).ToList();
            if (unknown.Count is 0 or > 4) return;
            void Try(string key, string text)
            {
                var other = Of(text);
                if (other.Status != PlanStatus.Planned) return;
                var outcome = EvalRunner.Judge(world, c, other, world.Policies.Apply(other.Edits)).Outcome;
                (outcome == Outcome.Right ? found : wrong).GetOrAdd(key, _ => []).Add(c.Say);
            }
            string Replaced(string text, string what, string by) => Regex.Replace(text, $@"(?<![\w-]){Regex.Escape(what)}(?![\w-])", by, RegexOptions.IgnoreCase);
            foreach (var u in unknown)
                foreach (var w in Words) Try($"{u.ToLowerInvariant()} -> {w}", Replaced(c.Say, u, w));
            if (unknown.Count > 1) Try($"{string.Join(" & ", unknown.Select(u => u.ToLowerInvariant()).Order())} -> ", unknown.Aggregate(c.Say, (t, u) => Replaced(t, u, "")));
        });
        File.WriteAllLines(output, found.OrderByDescending(f => f.Value.Count).Select(f => $"{f.Value.Count}\t{(wrong.TryGetValue(f.Key, out var w) ? w.Count : 0)}\t{f.Key}\t{string.Join(" | ", f.Value.Take(3))}"));
        return 0;
    }
}
