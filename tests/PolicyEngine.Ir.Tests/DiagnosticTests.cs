using PolicyEngine.Ir;
using Xunit;

namespace PolicyEngine.Ir.Tests;

public sealed class DiagnosticTests
{
    [Fact]
    public void Catalogue_EveryRule_HasItsOwnCodeAndWords()
    {
        var rules = typeof(DiagnosticCatalogue).GetFields().Where(f => f.FieldType == typeof(DiagnosticRule)).ToList();
        Assert.Equal(rules.Count, DiagnosticCatalogue.All.Count);
        Assert.All(DiagnosticCatalogue.All.Values, r =>
        {
            Assert.Matches("^PE[1-9][0-9]{3}$", r.Code);
            Assert.True(r.Title.Length > 3 && r.Explanation.Length > 20);
        });
    }

    [Theory]
    [InlineData("chekout", "checkout")]
    [InlineData("wieght", "weight")]
    [InlineData("CHECKOUT", "checkout")]
    public void Nearest_TypingError_FindsTheWord(string typed, string meant) =>
        Assert.Equal(meant, Nearest.Words(typed, ["checkout", "search", "weight"])[0]);

    [Fact]
    public void Nearest_NothingNear_SaysNothing() => Assert.Empty(Nearest.Words("zebra", ["checkout", "search"]));

    [Fact]
    public void ToString_WithPlace_NamesFileLineFieldAndFix()
    {
        var diagnostic = Diagnostic.Of(DiagnosticCatalogue.UnknownField, "unknown field 'x'") with
        {
            Location = new Location("a.yaml", 3, 7),
            Field = "spec.x",
            Fix = "did you mean 'y'?",
        };
        Assert.Equal("a.yaml:3:7: spec.x: error PE1002: unknown field 'x' [did you mean 'y'?]", diagnostic.ToString());
    }
}
