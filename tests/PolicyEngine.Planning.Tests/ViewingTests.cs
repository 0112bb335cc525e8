using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Views;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests;

public sealed class ViewingTests
{
    /// <summary>Each view is read anew: an intent as long as one may be, made of nothing but hints, is not read without end.</summary>
    [Theory]
    [InlineData("Attackers use 10.0.0.1. Block it on search. ")]
    [InlineData("x-env is bad, remove it. ")]
    [InlineData("zorblax was 5 and it fell, so the rest stays. ")]
    [InlineData("OPS-1: it hangs rather than 5s. ")]
    public void Views_OfALongIntent_AreBounded(string hint)
    {
        var text = string.Concat(Enumerable.Repeat(hint, PlanRequest.LongestIntent / hint.Length));
        var lexer = Lexer.For(new ServiceCatalog(DocumentFolder.Read(RepositoryPaths.Shop).Documents));
        var read = new HashSet<string>(StringComparer.Ordinal);
        IReadOnlyList<Token> Read(string said)
        {
            read.Add(said);
            return lexer.First(said, Intents.Noon, _ => false);
        }
        Assert.InRange(Viewing.Of(text, Read).Count(), 0, Viewing.Most);
        Assert.InRange(Viewing.Meant(text, Read).Count(), 0, Viewing.Most + 1);
        Assert.InRange(read.Count, 1, 200);
    }

    /// <summary>A rule's form is made when a text may fit it, and a form that cannot be made is found here.</summary>
    [Fact]
    public void Rules_HaveFormsThatCanBeMade() => Assert.InRange(Rephrasing.Forms.Count(), 1_000, 10_000);

    /// <summary>A blank or a comma that a form says may be missing (" ?", ",? ").</summary>
    [Theory]
    [InlineData("cut checkout off past 50ms", "cut checkout off after 50ms")]
    [InlineData("cut checkout off past 50 ms", "cut checkout off after 50 ms")]
    [InlineData("we failed for the past 600ms", "we failed for the past 600ms")]
    [InlineData("allow-all despite its name admits nobody", "allow-all admits nobody")]
    [InlineData("allow-all, despite its name, admits nobody", "allow-all admits nobody")]
    public void WhatMayBeMissing_MayBeMissing(string said, string read) => Assert.Equal(read, Rephrasing.Of(said));
}
