using System.Collections.Immutable;
using System.Text.Json;

namespace PolicyEngine.Cli.Evals;

/// <summary>What a category reached when the baseline was taken.</summary>
internal sealed record Mark(int Cases, int Right, int SilentlyWrong);

/// <summary>What planners reached before, by planner, set and category: a run that falls behind it fails.</summary>
internal sealed record Baseline(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Mark>>> Planners)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static readonly Baseline Empty = new(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Mark>>>.Empty);

    /// <summary>Throws <see cref="InvalidDataException"/> where the file is not a baseline; empty where there is no file.</summary>
    public static Baseline Read(string file)
    {
        if (!File.Exists(file)) return Empty;
        try
        {
            return JsonSerializer.Deserialize<Baseline>(File.ReadAllText(file), Form) is { Planners: not null } baseline ? baseline : throw new JsonException("it holds nothing");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{file} is not a baseline: {e.Message}", e);
        }
    }

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Form) + "\n");

    /// <summary>With the figures of a report in place of its planner's and sets' own; others stay.</summary>
    public Baseline With(EvalReport report)
    {
        var sets = Planners.GetValueOrDefault(report.Planner) ?? ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, Mark>>.Empty;
        foreach (var set in report.Sets)
            sets = sets.SetItem(CaseReader.Folder(set), report.Categories(set).ToImmutableSortedDictionary(t => t.Category, Of));
        return new Baseline(Planners.SetItem(report.Planner, sets));
    }

    /// <summary>
    /// Where a report is worse: a smaller share right, a larger share silently wrong, or a category gone. Shares, since cases are added.
    /// </summary>
    public IEnumerable<string> Regressions(EvalReport report)
    {
        foreach (var set in report.Sets)
        {
            var marks = Planners.GetValueOrDefault(report.Planner)?.GetValueOrDefault(CaseReader.Folder(set));
            if (marks is null) continue;
            var now = report.Categories(set).ToDictionary(t => t.Category, Of, StringComparer.Ordinal);
            foreach (var (category, was) in marks)
            {
                var name = $"{CaseReader.Folder(set)}/{category}";
                if (now.GetValueOrDefault(category) is not { } mark) yield return $"{name}: had {was.Cases} cases, has none";
                else if (Less(mark.Right, mark.Cases, was.Right, was.Cases)) yield return $"{name}: right {mark.Right} of {mark.Cases}, was {was.Right} of {was.Cases}";
                else if (Less(was.SilentlyWrong, was.Cases, mark.SilentlyWrong, mark.Cases)) yield return $"{name}: silently wrong {mark.SilentlyWrong} of {mark.Cases}, was {was.SilentlyWrong} of {was.Cases}";
            }
        }
    }

    private static Mark Of(Tally tally) => new(tally.Cases, tally.Of(Outcome.Right).Count, tally.Of(Outcome.SilentlyWrong).Count);

    private static bool Less(int a, int of, int b, int ofB) => (long)a * ofB < (long)b * of;
}
