using System.Text.RegularExpressions;
using PolicyEngine.Planning.Phrases;
using Xunit;

namespace PolicyEngine.Planning.Tests;

/// <summary>Every path but one: as a pattern without "not".</summary>
public sealed class OtherPathsTests
{
    [Theory]
    [InlineData("/orders/export", false)]
    [InlineData("/orders/export/", false)]
    [InlineData("/orders/export/x/y", false)]
    [InlineData("/", true)]
    [InlineData("/o", true)]
    [InlineData("/orders", true)]
    [InlineData("/orders/", true)]
    [InlineData("/orders/expor", true)]
    [InlineData("/orders/exports", true)]
    [InlineData("/orders/import", true)]
    [InlineData("/other/orders/export", true)]
    public void All_but_the_path_and_what_is_below_it(string path, bool is_other) =>
        Assert.Equal(is_other, Regex.IsMatch(path, $"^(?:{OtherPaths.Than("/orders/export")})$", RegexOptions.NonBacktracking));

    [Theory]
    [InlineData("/a")]
    [InlineData("/orders/export-v2")]
    [InlineData("/x_y/z")]
    public void A_pattern_says_which_path_it_leaves_out(string path) => Assert.Equal(path, OtherPaths.In(OtherPaths.Than(path)!));

    [Theory]
    [InlineData("/")]
    [InlineData("/a.b")]
    [InlineData("/{id}")]
    [InlineData("/this-is-a-path-that-would-be-longer-than-a-pattern-may-be")]
    public void What_cannot_be_said_is_not_said(string path) => Assert.Null(OtherPaths.Than(path));

    [Fact]
    public void Any_other_pattern_is_its_own() => Assert.Null(OtherPaths.In("/users/[0-9]+"));
}
