using FsCheck.Xunit;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests;

public sealed class PlannerTests
{
    private static readonly ServiceCatalog Shop = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
    private static readonly PolicySet Standing = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Turns (joined by ||), then what the last one must give: a summary, "? part of a question", or "refused".</summary>
    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var line in new[] { "intents.tsv", "everyday.tsv" }.SelectMany(f => File.ReadLines(Path.Combine(Golden.Folder("."), f))))
            {
                if (line.Length == 0 || line[0] == '#') continue;
                var parts = line.Split('\t', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                data.Add(parts[0], parts[1]);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_Intent_GivesWhatAPersonMeant(string intent, string expected)
    {
        var plan = Talk(intent.Split("||", StringSplitOptions.TrimEntries));
        var got = plan.Status switch
        {
            PlanStatus.Planned => plan.Summary.TrimEnd('.'),
            PlanStatus.NeedsClarification => "? " + string.Join(" ", plan.Questions.Select(q => q.Text)),
            _ => "refused",
        };
        if (expected.StartsWith("? ", StringComparison.Ordinal))
        {
            Assert.StartsWith("? ", got, StringComparison.Ordinal);
            Assert.Contains(expected[2..], got, StringComparison.OrdinalIgnoreCase);
        }
        else Assert.Equal(expected, got);
    }

    [Fact]
    public void Plan_ThreeClauses_GivesThreeDocuments()
    {
        var plan = Talk("send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx");
        Assert.Equal(["Retry/checkout-retry", "Timeout/checkout-timeout", "TrafficSplit/checkout-canary"], plan.Edits.Select(e => e.Id));
        Assert.Contains("backends:\n    - {version: v1, weight: 95%}\n    - {version: v2, weight: 5%}", plan.Edits[2].Upserted!.ToYaml(), StringComparison.Ordinal);
    }

    /// <summary>A word that nobody knows, anywhere, is asked about or named as background: no word is dropped in silence.</summary>
    [Property(MaxTest = 200)]
    public bool Plan_WithAnUnknownWordInIt_Asks(byte intent, byte place)
    {
        string[] clear = ["send 5% of checkout traffic to v2", "retry checkout twice on 5xx", "limit search to 100 requests per minute", "block 10.0.0.0/8 from checkout", "mirror 10% of orders to v2", "delay 10% of search by 300ms", "set header x-env: prod on checkout"];
        var words = clear[intent % clear.Length].Split(' ').ToList();
        words.Insert(place % (words.Count + 1), "zorblax");
        var plan = Talk(string.Join(' ', words));
        return plan.Status != PlanStatus.Planned || plan.Summary.Contains("Read as background", StringComparison.Ordinal) && plan.Summary.Contains("zorblax", StringComparison.Ordinal);
    }

    /// <summary>Whatever is typed: no exception, and never a plan out of nothing.</summary>
    [Property(MaxTest = 300)]
    public bool Plan_AnyText_EndsWell(string? text)
    {
        var plan = Talk(text ?? "");
        return plan.Status != PlanStatus.Planned || plan.Edits.Length > 0;
    }

    /// <summary>Words that the grammar knows, in an order that nobody would say them in.</summary>
    [Property(MaxTest = 300)]
    public bool Plan_KnownWordsInAnyOrder_EndWell(ushort[]? picks)
    {
        var plan = Talk(string.Join(' ', (picks ?? []).Take(16).Select(p => Vocabulary[p % Vocabulary.Length])));
        return plan.Status != PlanStatus.Planned || plan.Edits.Length > 0;
    }

    /// <summary>Every word of the known intents, and what parts sentences.</summary>
    private static readonly string[] Vocabulary = [.. Cases.SelectMany(c => c.Data.Item1.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries)).Concat([",", ".", ";", ":", "(", ")", "-"]).Distinct(StringComparer.Ordinal)];

    [Theory]
    [InlineData("with the delay gone, checkout is fine")]
    [InlineData("with no aborts")]
    [InlineData("redirect to shop.example.com/wiki, 302")]
    [InlineData(": : except")]
    [InlineData("except")]
    [InlineData(", but not")]
    [InlineData("GET unless")]
    [InlineData(") exempt from")]
    [InlineData("leave x-a: alone")]
    public void Plan_PiecesOfAnOrder_EndWell(string text) => Assert.NotEqual(PlanStatus.Planned, Talk(text).Status);

    [Fact]
    public void Plan_SameRequest_SamePlan() => Assert.Equal(
        Talk("send 5% of checkout to v2 for the next two hours").Edits.Single().Upserted!.Revision,
        Talk("send 5% of checkout to v2 for the next two hours").Edits.Single().Upserted!.Revision);

    [Fact]
    public void Plan_HundredKilobytes_IsRefusedAtOnce() => Assert.Equal(PlanStatus.Refused, Talk(new string('a', 100_000)).Status);

    [Fact]
    public void Plan_ThatDoesNotCompile_BecomesAQuestion()
    {
        var request = new PlanRequest { Intent = "set a 1s timeout on checkout", Catalog = Shop, Policies = Standing, Compile = p => [Ir.Diagnostic.Of(Ir.DiagnosticCatalogue.Conflict, "they clash") with { Document = "Timeout/checkout-timeout" }] };
        var plan = EmbeddedPlanner.Plan(request);
        Assert.Equal(PlanStatus.NeedsClarification, plan.Status);
        Assert.Contains("they clash", plan.Questions[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_HostileIntents_NeverGivePlans()
    {
        var folder = RepositoryPaths.Data("injection");
        Assert.SkipWhen(folder is null, "no injection data on this machine (POLICYENGINE_TEST_DATA)");
        var texts = Directory.EnumerateFiles(folder!, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".jsonl" or ".txt" or ".csv" or ".tsv")
            .SelectMany(f => File.ReadLines(f)).Where(l => l.Length > 20).Take(3_000).ToList();
        Assert.NotEmpty(texts);
        Assert.All(texts, t => Assert.NotEqual(PlanStatus.Planned, Talk(t).Status));
    }

    private static Plan Talk(params string[] turns)
    {
        var (policies, earlier) = (Standing, new List<PlanTurn>());
        for (var i = 0; ; i++)
        {
            var plan = EmbeddedPlanner.Plan(new PlanRequest { Intent = turns[i], Catalog = Shop, Policies = policies, Earlier = [.. earlier], Now = Noon });
            if (i == turns.Length - 1) return plan;
            earlier.Add(new PlanTurn(turns[i], plan, policies));
            policies = policies.Apply(plan.Edits);
        }
    }
}
