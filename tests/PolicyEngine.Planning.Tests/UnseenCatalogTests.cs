using System.Text.RegularExpressions;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests;

/// <summary>Intents about catalogs of quite different shape: names that are words or look like versions, every kind of policy standing, several gateways.</summary>
public sealed partial class UnseenCatalogTests
{
    public static TheoryData<string, string, string> Cases => Intents.All("bank", "media", "shop");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_Intent_HasTheEffectThatAPersonMeant(string catalog, string intent, string expected)
    {
        var plan = Intents.Talk(catalog, intent.Split("||", StringSplitOptions.TrimEntries));
        var got = plan.Status switch
        {
            PlanStatus.Planned => Effects.Of(plan.Edits),
            PlanStatus.NeedsClarification => "? " + string.Join(" ", plan.Questions.Select(q => q.Text)),
            _ => "refused",
        };
        if (expected == "no") Assert.NotEqual(PlanStatus.Planned, plan.Status);
        else if (expected[0] == '?') Assert.True(plan.Status == PlanStatus.NeedsClarification && got.Contains(expected[1..].Trim(), StringComparison.OrdinalIgnoreCase), got);
        else Assert.Equal(expected, got);
    }

    /// <summary>No value is decoration: without it the plan is another, or there is a question.</summary>
    [Fact]
    public void Plan_WithoutOneOfItsNumbersVersionsOrServices_IsAnotherOrAsks()
    {
        var (checkedOnes, same) = (0, new List<string>());
        foreach (var (catalog, intent, expected) in Intents.Planned("bank", "media", "shop").Where(c => !c.Intent.Contains("||", StringComparison.Ordinal) && !c.Expected.Contains("because", StringComparison.Ordinal)))
        {
            var words = intent.Split(' ');
            for (var i = 0; i < words.Length; i++)
            {
                if (!words[i].Any(char.IsAsciiDigit) && !Intents.IsName(catalog, words[i])) continue;
                var without = string.Join(' ', words.Where((_, n) => n != i));
                var plan = Intents.Talk(catalog, without);
                checkedOnes++;
                if (plan.Status == PlanStatus.Planned && Effects.Of(plan.Edits) == expected) same.Add($"{intent}  -  {words[i]}");
            }
        }
        Assert.True(checkedOnes > 500, $"{checkedOnes}");
        // Said twice ("from 2s to 1s", "v1 90, v2 10"), or the only one that there is: what is left says the same.
        Assert.True(same.Count * 10 < checkedOnes, $"{same.Count} of {checkedOnes}\n{string.Join('\n', same)}");
    }

    /// <summary>Asked about; or set aside as talk, which the plan then says, with the very effect that the sentence has without it.</summary>
    [Fact]
    public void Plan_WithAnUnknownWordAnywhere_AsksOrNamesItAsBackground()
    {
        var wrong = new List<string>();
        // The value of a header may be any word, and so may what is quoted.
        var clear = Intents.Planned("bank", "media", "shop").Where(c => !c.Intent.Contains("||", StringComparison.Ordinal) && !c.Expected.Contains("because", StringComparison.Ordinal) && !c.Intent.Contains("header", StringComparison.Ordinal)
            && !c.Intent.Contains("x-", StringComparison.Ordinal) && !c.Intent.Contains("cookie", StringComparison.Ordinal) && !c.Intent.Contains("parameter", StringComparison.Ordinal) && !c.Intent.Contains('"', StringComparison.Ordinal)).ToList();
        Assert.True(clear.Count > 300, $"{clear.Count}");
        foreach (var (catalog, intent, effect) in clear.Where((_, n) => n % 3 == 0))
        {
            var words = intent.Split(' ');
            for (var i = 0; i <= words.Length; i++)
            {
                var with = string.Join(' ', words[..i].Append("zorblax").Concat(words[i..]));
                var plan = Intents.Talk(catalog, with);
                if (plan.Status != PlanStatus.Planned) continue;
                var aside = new[] { "Read as background:", "(because " }.Select(s => plan.Summary.IndexOf(s, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();
                if (aside < 0 || !plan.Summary[aside..].Contains("zorblax", StringComparison.Ordinal) || Reason().Replace(Effects.Of(plan.Edits), "") != effect) wrong.Add(with);
            }
        }
        Assert.Empty(wrong);
    }

    [GeneratedRegex(" because [^;]*zorblax[^;]*")]
    private static partial Regex Reason();

    /// <summary>What is not to be done is not planned: "don't send 5% of checkout to v2".</summary>
    [Theory]
    [InlineData("don't")]
    [InlineData("never")]
    [InlineData("do not")]
    [InlineData("unless it is Friday,")]
    [InlineData("please don't")]
    public void Plan_DeniedImperative_IsNeverPlannedAsIfItWereNot(string before)
    {
        string[] clear = ["send 5% of checkout to v2", "limit search to 100 requests per minute", "set a 2s timeout on checkout", "retry checkout twice on 5xx", "block 10.0.0.0/8 from checkout", "mirror 10% of orders to v2", "delay 10% of search by 300ms", "raise the timeout of search to 3s", "set header x-env to prod on checkout", "split search evenly between v1 and v2", "route /returns to orders"];
        Assert.All(clear, c => Assert.NotEqual((PlanStatus.Planned, Effects.Of(Intents.Talk("shop", c).Edits)), (Intents.Talk("shop", $"{before} {c}").Status, Effects.Of(Intents.Talk("shop", $"{before} {c}").Edits))));
    }

    /// <summary>The summary speaks of every edit: each target, and as many sentences as edits.</summary>
    [Fact]
    public void Summary_NamesEveryEdit()
    {
        foreach (var (catalog, intent, _) in Intents.Planned("bank", "media", "shop"))
        {
            var plan = Intents.Talk(catalog, intent.Split("||", StringSplitOptions.TrimEntries));
            Assert.Equal(plan.Edits.Length, plan.Summary.Split('“', '”').Where((_, n) => n % 2 == 0).Sum(p => p.Split("; ").Length - 1) + 1);
            foreach (var spec in plan.Edits.Select(e => e.Upserted?.Spec).OfType<Policies.Documents.TargetedSpec>()) Assert.Contains(spec.Target.Name, plan.Summary, StringComparison.Ordinal);
        }
    }
}
