using System.Security.Cryptography;
using System.Text;
using PolicyEngine.Planning.Learned;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests;

public sealed class LearnedReaderTests
{
    /// <summary>What was learnt is of the sentences that are here: whoever changes them teaches the reader anew (benchmarks, <c>reader</c>).</summary>
    [Fact]
    public void Weights_AreOfTheTrainingSentences()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "evals", "training"), "*.yaml").Order(StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes(File.ReadAllText(file).ReplaceLineEndings("\n")));
        Assert.Equal(Convert.ToHexStringLower(hash.GetHashAndReset()), Weights.Default.Data);
        Assert.InRange(Weights.Default.Count, 10_000, 500_000);
    }

    /// <summary>What the grammar does not understand is offered in words that it does; a yes is enough.</summary>
    [Theory]
    [MemberData(nameof(Sentences))]
    public void Plan_WhatIsProbablyMeant_IsOfferedAndPlannedAfterAYes(string sentence, string expected)
    {
        var asked = Intents.Talk("shop", sentence);
        Assert.Equal(PlanStatus.NeedsClarification, asked.Status);
        var question = asked.Questions[0];
        Assert.Equal(Question.Meant, question.Id);
        Assert.StartsWith("Did you mean: ", question.Text, StringComparison.Ordinal);
        foreach (var answer in new[] { "yes", Assert.Single(question.Choices) })
        {
            var plan = Intents.Talk("shop", sentence, answer);
            Assert.Equal((PlanStatus.Planned, expected), (plan.Status, Effects.Of(plan.Edits)));
        }
    }

    public static TheoryData<string, string> Sentences => new()
    {
        { "Somebody in 203.0.113.0/24 misbehaves, orders shouldn't hear from them any longer.", "deny orders: 203.0.113.0/24" },
        { "A failed orders call merits two further goes whenever the answer was a 5xx.", "retry orders: 2 on 5xx" },
        { "Half the search crowd to v2, sort of as discussed.", "split search: v1 50, v2 50" },
    };

    /// <summary>A name alone, and what is dangerous or in doubt, is offered nothing.</summary>
    [Theory]
    [InlineData("write a poem about checkout")]
    [InlineData("send checkout to v9")]
    [InlineData("block everybody on checkout")]
    public void Plan_WithoutAnOrder_OffersNone(string sentence) => Assert.DoesNotContain(Intents.Talk("shop", sentence).Questions, q => q.Id == Question.Meant);

    /// <summary>Hostile text takes no time: nothing in the reader tries every way to part it.</summary>
    [Theory]
    [InlineData("x-env ", ":", "\"")]
    [InlineData("x-env ", "= ", "\"")]
    [InlineData("x-env ", "is to be set to ", "\"")]
    [InlineData("orders x-env ", "to the ", "")]
    [InlineData("cookie ", "a=", "")]
    public async Task Plan_HostileText_Ends(string head, string repeated, string tail)
    {
        var text = (head + string.Concat(Enumerable.Repeat(repeated, PlanRequest.LongestIntent)))[..(PlanRequest.LongestIntent - tail.Length)] + tail;
        Assert.NotEqual(PlanStatus.Planned, (await Task.Run(() => Intents.Talk("shop", text)).WaitAsync(TimeSpan.FromSeconds(60))).Status);
    }

    /// <summary>A no, and what is meant instead, is no yes.</summary>
    [Fact]
    public void Plan_ANo_IsNotPlannedAsAYes()
    {
        var plan = Intents.Talk("shop", "Half the search crowd to v2, sort of as discussed.", "no");
        Assert.NotEqual(PlanStatus.Planned, plan.Status);
    }
}
