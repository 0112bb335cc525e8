using Microsoft.Playwright;
using PolicyEngine.Changes;
using PolicyEngine.Xds;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolicyEngine.Console.Tests;

/// <summary>From a sentence to what is served and back, as people see it.</summary>
public sealed class StoryTests(Chromium chromium)
{
    private const string Intent = "send 5% of checkout traffic to v2";

    [Fact]
    public async Task Sentence_IsPlannedApprovedPromotedAcknowledgedAndRolledBack()
    {
        await using var site = await Site.Start(chromium);
        await using var node = await Node.Connect(site.XdsPort, ResourceType.RouteTable);
        await using var me = await site.Admin();
        await me.Say(Intent);
        await me.Sees("95% of the requests to checkout go to v1 and 5% to v2");
        await me.Page.GetByText("The document").ClickAsync();
        await me.Sees("kind: TrafficSplit");
        await me.Link("What would happen, and decide").ClickAsync();
        await Expect(me.Page.GetByRole(AriaRole.Region, new() { Name = "Verdict" })).ToContainTextAsync("Low risk");
        await me.Sees("weighted_clusters");
        await me.Button("Approve").ClickAsync();
        await me.State("approved");
        await me.Button("Promote").ClickAsync();
        await me.State("promoted");
        await me.Sees("0 of 1 acknowledged");
        await node.Acknowledge();
        await me.Sees("1 of 1 acknowledged");
        await me.Page.GetByLabel("Reason").FillAsync("enough seen");
        await me.Button("Roll back").ClickAsync();
        await me.State("rolled back");
        await me.Sees("enough seen");
        await me.Link("c-3").First.ClickAsync();
        await me.State("promoted");
    }

    [Fact]
    public async Task Conversation_GoesOnAndIsAnsweredByClicks()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        await me.Say(Intent);
        await me.Sees("5% to v2");
        await me.Say("now make it 20%");
        await me.Sees("20% to v2");
        await me.Say("limit search to 100 requests");
        var question = me.Page.Locator("li:last-child .question");
        await Expect(question).ToBeVisibleAsync();
        await me.Page.Locator("li:last-child .choices button").First.ClickAsync();
        await Expect(question).Not.ToBeVisibleAsync();
        // The conversation is there for whoever comes back to it.
        await me.Go("/");
        await me.Link(Intent).ClickAsync();
        await me.Sees("20% to v2");
    }

    [Fact]
    public async Task TwoPeople_SeeEachOthersStepsAndTheirOwnButtons()
    {
        await using var site = await Site.Start(chromium);
        await using var author = await site.User("ada", Roles.Operator);
        await using var approver = await site.User("bob", Roles.Approver);
        await approver.Go("/changes");
        await author.Say(Intent);
        await approver.Link(Intent).ClickAsync();
        await author.Link("What would happen, and decide").ClickAsync();
        await author.State("awaiting approval");
        await Expect(author.Button("Approve")).ToHaveCountAsync(0);
        await author.Sees("ada may not approve: that takes the role approver");
        await Expect(approver.Button("Promote")).ToHaveCountAsync(0);
        await approver.Button("Approve").ClickAsync();
        await author.State("approved");
        await author.Sees("given by bob");
        await approver.Sees("bob may not promote: that takes the role operator");
        await author.Button("Promote").ClickAsync();
        await approver.State("promoted");
    }

    [Fact]
    public async Task Refusal_ArrivesInTheNodesOwnWords_AndThePromotionGoesBack()
    {
        await using var site = await Site.Start(chromium);
        await using var node = await Node.Connect(site.XdsPort, ResourceType.RouteTable);
        await using var me = await site.Admin();
        await using var other = await site.Admin();
        await other.Go("/nodes");
        await other.Sees("edge-1");
        await Promote(me);
        await node.Refuse("route: unknown cluster 'checkout.v2' <script>alert(1)</script> \u001b[31m");
        await me.State("rolled back");
        await me.Sees("edge-1 refused");
        await other.Sees("edge-1 refused routes");
        await other.Sees("unknown cluster 'checkout.v2' <script>alert(1)</script>");
        await other.Sees("TrafficSplit/");
    }

    [Fact]
    public async Task BrowserGoneInMidApproval_LosesNothing_AndNothingIsPromotedTwice()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        await me.Say(Intent);
        await me.Link("What would happen, and decide").ClickAsync();
        await using (var gone = await site.Admin())
        {
            await gone.Go(new Uri(me.Page.Url).AbsolutePath);
            await gone.Button("Approve").ClickAsync();
        }
        // Whether its click got through before it went, nobody knows; with another one it is approved, once.
        await Try(me, "Approve");
        await me.State("approved");
        Assert.Single(site.Engine.Journal(), r => r.Event is Approved && r.ChangeId == "c-2");
        await using var other = await site.Admin();
        await other.Go(new Uri(me.Page.Url).AbsolutePath);
        await Task.WhenAll(Try(me, "Promote"), Try(other, "Promote"));
        await me.State("promoted");
        await other.State("promoted");
        Assert.Single(site.Engine.Journal(), r => r.Event is Promoted && r.ChangeId == "c-2");

        // One of the two may find the button gone already.
        static Task Try(Visitor who, string button) => who.Button(button).EvaluateAllAsync<int>("all => { all.forEach(b => b.click()); return all.length; }");
    }

    [Fact]
    public async Task Keyboard_IsEnough()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin();
        // A new page takes the focus to its heading, a moment after it is there.
        await Expect(me.Page.GetByRole(AriaRole.Heading, new() { Name = "What should happen to traffic?" })).ToBeFocusedAsync();
        await me.Page.Locator("#say").FocusAsync();
        await me.Page.Keyboard.TypeAsync(Intent);
        await me.Page.Keyboard.PressAsync("Enter");
        await me.Link("What would happen, and decide").PressAsync("Enter");
        await Expect(me.Page.GetByRole(AriaRole.Heading, new() { Name = Intent })).ToBeFocusedAsync();
        await me.Button("Approve").PressAsync("Enter");
        await me.Button("Promote").PressAsync("Enter");
        await me.State("promoted");
    }

    private static async Task Promote(Visitor me)
    {
        await me.Say(Intent);
        await me.Link("What would happen, and decide").ClickAsync();
        await me.Button("Approve").ClickAsync();
        await me.Button("Promote").ClickAsync();
        await me.State("promoted");
    }
}
