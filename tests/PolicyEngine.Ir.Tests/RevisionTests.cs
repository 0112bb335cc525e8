using FsCheck.Xunit;
using PolicyEngine.Ir;
using Xunit;

namespace PolicyEngine.Ir.Tests;

public sealed class RevisionTests
{
    [Fact]
    public void Of_SameText_SameRevision() => Assert.Equal(Revision.Of("a"), Revision.Of("a"));

    [Property]
    public bool Parse_WhatToStringWrote_ComesBack(string? text)
    {
        var revision = Revision.Of(text ?? "");
        return Revision.Parse(revision.ToString()) == revision;
    }

    [Fact]
    public void Combine_PartsCutElsewhere_Differ()
    {
        var r = Revision.Of("x");
        Assert.NotEqual(Revision.Combine([("ab", r), ("c", r)]), Revision.Combine([("a", r), ("bc", r)]));
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    public void Parse_NotARevision_Throws(string text) => Assert.Throws<FormatException>(() => Revision.Parse(text));

    [Fact]
    public void None_IsNone_AndReadsBack()
    {
        Assert.True(Revision.None.IsNone);
        Assert.Equal(Revision.None, Revision.Parse("none"));
    }
}
