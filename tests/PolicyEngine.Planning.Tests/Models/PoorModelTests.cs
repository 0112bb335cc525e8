using System.Text.Json.Nodes;
using PolicyEngine.Planning.Models.Judging;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>
/// A scripted model that is wrong in believable ways: well-formed, of existing names, compiling, and one thing other than asked. Whatever is planned has the
/// effect of the plain sentence.
/// </summary>
public sealed class PoorModelTests
{
    private static readonly string[] Plain =
    [
        "send 5% of checkout to v2", "split checkout 80/20 between v1 and v2", "set a 2s timeout on orders", "raise the timeout of search to 3s", "remove the timeout on search",
        "retry checkout twice on 5xx", "limit search to 100 requests per minute per client", "block 10.0.0.0/8 from checkout", "allow only GET and POST on orders", "mirror 10% of orders to v2",
        "delay 10% of search by 300ms", "abort 1% of checkout with 503", "set header x-env: prod on checkout", "send checkout requests with header x-beta: true to v2",
        "send 30% of checkout to v2 and 5% of search to v2", "send 5% of checkout to v2 for the next two hours", "route /returns to orders", "redirect /old to /new",
    ];

    /// <summary>How a sentence may be put otherwise: as it is, with a word that nobody taught, with one that turns it round, with a typing error.</summary>
    private static readonly (string Name, Func<string, string> Say)[] Wordings =
    [
        ("plain", s => s), ("an unknown word", s => s + " cheerio"), ("a negation", s => "refrain " + s), ("an exception", s => s + " barring tablets"), ("a condition", s => s + " provided it rains"), ("a typing error", s => s.Replace("checkout", "chekout", StringComparison.Ordinal)),
    ];

    private static readonly (string Name, Func<string, string> Change)[] Mistakes =
    [
        ("none", s => s),
        ("versions swapped", s => s.Replace("version: v1", "version: vX", StringComparison.Ordinal).Replace("version: v2", "version: v1", StringComparison.Ordinal).Replace("version: vX", "version: v2", StringComparison.Ordinal)),
        ("another service", s => s.Replace("service: checkout", "service: cart", StringComparison.Ordinal).Replace("service: orders", "service: cart", StringComparison.Ordinal)),
        ("another share", s => s.Replace("weight: 95%", "weight: 50%", StringComparison.Ordinal).Replace("weight: 5%", "weight: 50%", StringComparison.Ordinal).Replace("percentage: 10%", "percentage: 100%", StringComparison.Ordinal)),
        ("another time", s => s.Replace("request: 2s", "request: 20s", StringComparison.Ordinal).Replace("request: 3s", "request: 30s", StringComparison.Ordinal).Replace("300ms", "3s", StringComparison.Ordinal)),
        ("another number", s => s.Replace("requests: 100", "requests: 1000", StringComparison.Ordinal).Replace("attempts: 2", "attempts: 5", StringComparison.Ordinal).Replace("status: 503", "status: 500", StringComparison.Ordinal)),
        ("another range", s => s.Replace("10.0.0.0/8", "10.0.0.0/9", StringComparison.Ordinal)),
        ("the other action", s => s.Replace("action: deny", "action: allow", StringComparison.Ordinal).Replace("action: allow", "action: deny", StringComparison.Ordinal)),
        ("in shadow", s => s.Replace("action: deny", "shadow: true\n  action: deny", StringComparison.Ordinal).Replace("requests: 100", "shadow: true\n  requests: 100", StringComparison.Ordinal)),
        ("with a priority", s => s.Replace("spec:\n", "spec:\n  priority: 7\n", StringComparison.Ordinal)),
        ("ending by itself", s => s.Replace("metadata: {", "metadata: {expiresAt: \"2026-11-24T13:00:00Z\", ", StringComparison.Ordinal)),
        ("without its end", s => System.Text.RegularExpressions.Regex.Replace(s, "expiresAt: [^,}\n]+,? ?", "")),
        ("without its matches", s => System.Text.RegularExpressions.Regex.Replace(s, @"matches:\n(\s+- .*\n)+", "")),
    ];

    [Fact]
    public async Task Plan_BelievableMistakes_AreNeverPlanned()
    {
        var answer = "";
        await using var server = new ChatServer((_, _) => Reply.Says(answer));
        var planner = new JudgedPlanner(Shop.Model(server.Options with { Rounds = 1 }));
        var (planned, asked) = (0, 0);
        foreach (var sentence in Plain)
        {
            var right = EmbeddedPlanner.Plan(Shop.Request(sentence));
            Assert.True(right.Status == PlanStatus.Planned, sentence);
            foreach (var (wording, say) in Wordings)
                foreach (var (mistake, change) in Mistakes)
                    foreach (var drops in right.Edits.Length > 1 ? new[] { false, true } : [false])
                    {
                        answer = Answer(drops ? right.Edits.Skip(1) : right.Edits, change);
                        var plan = await planner.PlanAsync(Shop.Request(say(sentence)), default).WithTimeout();
                        if (plan.Status != PlanStatus.Planned)
                        {
                            asked++;
                            continue;
                        }
                        planned++;
                        var said = $"'{say(sentence)}' ({wording}, {mistake}{(drops ? ", one edit dropped" : "")}) -> {plan.Summary}";
                        Assert.True(Effect.Of(plan.Edits, Shop.Standing) == Effect.Of(right.Edits, Shop.Standing), said);
                        Assert.True(wording == "plain" || say(sentence) == sentence, said);
                    }
        }
        Assert.True(planned > Plain.Length && asked > planned, $"{planned} planned, {asked} asked");
    }

    private static string Answer(IEnumerable<PolicyEdit> edits, Func<string, string> change)
    {
        JsonObject Edit(PolicyEdit edit)
        {
            var (kind, name) = (edit.Id[..edit.Id.IndexOf('/')], edit.Id[(edit.Id.IndexOf('/') + 1)..]);
            return edit.Upserted is { } document ? Shop.Edit("upsert", kind, name, change(document.ToYaml())) : Shop.Edit("remove", kind, name, "");
        }
        return Shop.Answer("proposal", "", [.. edits.Select(Edit)]);
    }
}
