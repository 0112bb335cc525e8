using PolicyEngine.Changes;
using PolicyEngine.Console.Parts;
using PolicyEngine.Console.Sources;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolicyEngine.Console.Tests;

/// <summary>Whatever people, catalogs and nodes write is text on every page.</summary>
public sealed class HostileTests(Chromium chromium)
{
    private const string Markup = "<script>window.hostile = true</script><img src=x onerror='window.hostile = true'> \u202etxt \u0007";

    [Fact]
    public async Task HostileWords_AreTextOnEveryPage()
    {
        await using var site = await Site.Start(chromium);
        await using var node = await Node.Connect(site.XdsPort, ResourceType.RouteTable, "edge-" + Markup, Markup);
        await using var me = await site.Admin();
        await me.Say(Markup);
        await Shown(me);
        await me.Go("/");
        await Shown(me);
        await me.Go("/changes");
        await Shown(me);
        await me.Go("/changes/c-2");
        await Shown(me);
        await me.Go("/changes/" + Uri.EscapeDataString("c-<script>"));
        await me.Sees("there is no change 'c-<script>'");
        await me.Go("/nodes");
        await Shown(me);
        await site.Findings.Put(new FindingView("f-1", Markup, Markup, Markup, true, DateTimeOffset.UnixEpoch, null, 0.9, [new EvidenceSeries(Markup, Markup, [])]));
        await me.Go("/findings");
        await Shown(me);
    }

    [Fact]
    public async Task HostileReason_IsTextWhereAChangeIsRejected()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        await me.Say("send 5% of checkout traffic to v2");
        await me.Link("What would happen, and decide").ClickAsync();
        await me.Page.GetByLabel("Reason").FillAsync(Markup);
        await me.Button("Reject").ClickAsync();
        await me.State("rejected");
        await Shown(me);
    }

    [Theory]
    [InlineData("a\u0000b\u001b[31m", "a␀b␛[31m")]
    [InlineData("\u202eevil\u2066", "⟨U+202E⟩evil⟨U+2066⟩")]
    [InlineData("zero\u200bwidth \u0085 \u2028", "zero⟨U+200B⟩width ⟨U+0085⟩ ⟨U+2028⟩")]
    [InlineData("plain\n\tlines, ünïcode, 漢字, 😀", "plain\n\tlines, ünïcode, 漢字, 😀")]
    [InlineData(null, "")]
    public void UnseenCharacters_AreShownAsWhatTheyAre(string? text, string shown) => Assert.Equal(shown, Words.Plain(text));

    [Fact]
    public void Chart_LeavesOutWhatIsNoNumber_AndIsBounded()
    {
        var at = DateTimeOffset.UnixEpoch;
        var values = Enumerable.Range(0, 10_000).Select(i => new EvidencePoint(at.AddSeconds(i), i % 7 == 0 ? double.NaN : i % 11 == 0 ? double.PositiveInfinity : i)).ToArray();
        var (line, _) = Chart.Draw(new EvidenceSeries("s", "%", [.. values]), at.AddSeconds(5_000));
        Assert.InRange(line.Split(' ').Length, 2, 301);
        Assert.DoesNotContain("NaN", line, StringComparison.Ordinal);
        Assert.Equal(("", "0"), Chart.Draw(new EvidenceSeries("s", "%", [new(at, double.NaN)]), at));
        Assert.Equal("no values", Chart.Extent(new EvidenceSeries("s", "%", [])));
    }

    private static async Task Shown(Visitor me)
    {
        await me.Sees("<script>window.hostile = true</script>");
        await me.Sees("⟨U+202E⟩txt");
        Assert.False(await me.Page.EvaluateAsync<bool>("window.hostile === true"));
        await Expect(me.Page.Locator("main img, main script")).ToHaveCountAsync(0);
    }
}
