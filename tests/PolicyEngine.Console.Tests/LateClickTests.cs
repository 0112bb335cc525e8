using PolicyEngine.Changes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Console.Tests;

/// <summary>
/// A click means what was on the screen when it was made, whatever the server knows by then: the two are never in the same moment.
/// </summary>
public sealed class LateClickTests(Chromium chromium)
{
    private const string Intent = "send 5% of checkout traffic to v2";

    [Fact]
    public async Task PromoteClicked_WhenItIsPromotedAlready_DoesNotRollBack()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        await Propose(me);
        await me.Button("Approve").ClickAsync();
        await me.State("approved");
        await using var other = await site.Admin();
        var line = await Held.Between(other.Page);
        await other.Go(new Uri(me.Page.Url).AbsolutePath);
        line.Hold();
        await me.Button("Promote").ClickAsync();
        await me.State("promoted");
        await other.Button("Promote").ClickAsync();
        line.Release();
        await other.State("promoted");
        // What is done now comes behind that click.
        await other.Page.GetByLabel("Reason").FillAsync("enough seen");
        await other.Button("Roll back").ClickAsync();
        await other.State("rolled back");
        await other.Sees("enough seen");
        Assert.Single(site.Engine.Journal(), r => r.Event is Promoted && r.ChangeId == "c-2");
    }

    [Fact]
    public async Task ApproveClicked_WhenItWasDryRunAnew_DoesNotSignTheReportThatWasNotSeen()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        await Propose(me);
        var path = new Uri(me.Page.Url).AbsolutePath;
        await using var other = await site.Admin();
        var line = await Held.Between(other.Page);
        await other.Go(path);
        line.Hold();
        // Something else is promoted meanwhile, and this one held against it.
        await me.Go("/");
        await me.Say("checkout timeout 3s");
        await me.Link("What would happen, and decide").ClickAsync();
        await me.Button("Approve").ClickAsync();
        await me.Button("Promote").ClickAsync();
        await me.State("promoted");
        await me.Go(path);
        var before = site.Engine.Change("c-2").Value!.ReportHash;
        await me.Button("Dry-run again").ClickAsync();
        await Waiting.Until(() => site.Engine.Change("c-2").Value!.ReportHash != before, "the new report");
        var seen = site.Engine.Change("c-2").Value!.ReportHash;
        await me.Sees($"Approving signs this report: {seen.Short}");
        await other.Button("Approve").ClickAsync();
        line.Release();
        await other.Sees($"Approving signs this report: {seen.Short}");
        await other.State("awaiting approval");
        await other.Button("Approve").ClickAsync();
        await other.State("approved");
        Assert.Equal(seen, Assert.IsType<Approved>(Assert.Single(site.Engine.Journal(), r => r.Event is Approved && r.ChangeId == "c-2").Event).ReportHash);
    }

    /// <summary>The button is told to appear once more, as the moment in which it did is over.</summary>
    [Fact]
    public async Task ButtonThatJustAppeared_TakesNoClickThatWasOnItsWay()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        await Propose(me);
        var takes = await me.Button("Approve").EvaluateAsync<string[]>("""
            async button => {
              const takes = () => getComputedStyle(button).pointerEvents;
              button.style.animation = 'none';
              takes();
              button.style.animation = '';
              const first = takes();
              await Promise.all(button.getAnimations().filter(a => a.animationName === 'settle').map(a => a.finished));
              return [first, takes()];
            }
            """);
        Assert.Equal(["none", "auto"], takes);
    }

    private static async Task Propose(Visitor me)
    {
        await me.Say(Intent);
        await me.Link("What would happen, and decide").ClickAsync();
        await me.State("awaiting approval");
    }
}
