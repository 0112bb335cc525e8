using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PolicyEngine.Console.Sources;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolicyEngine.Console.Tests;

/// <summary>How pages look, and whether everybody can use them. Pictures are kept in <c>artifacts/console</c>, for people to look at.</summary>
public sealed class LookTests(Chromium chromium)
{
    private static readonly int[] Widths = [360, 800, 1280];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Pages_FitEveryWidth_AndAxeFindsNothing(ColorScheme scheme)
    {
        await using var site = await Site.Start(chromium);
        await using var node = await Node.Connect(site.XdsPort, ResourceType.RouteTable, agent: "envoy 1.36.0");
        await using var stranger = await site.Stranger(new() { ColorScheme = scheme });
        await stranger.Page.GotoAsync("/sign-in?problem=unknown");
        await Look(stranger, "sign-in", scheme);
        await using var me = await site.Admin(new() { ColorScheme = scheme });
        await Look(me, "ask", scheme);
        await me.Say("limit search to 100 requests");
        await Expect(me.Page.Locator(".question")).ToBeVisibleAsync();
        await Look(me, "question", scheme);
        await me.Go("/");
        await me.Say("send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx");
        await me.Sees("5% to v2");
        await me.Say("now make it 20%");
        await me.Sees("20% to v2");
        await Look(me, "conversation", scheme);
        await me.Page.Locator("li:last-child").GetByText("What would happen, and decide").ClickAsync();
        await me.State("awaiting approval");
        await Look(me, "change", scheme);
        await me.Button("Approve").ClickAsync();
        await me.Button("Promote").ClickAsync();
        await me.State("promoted");
        await node.Acknowledge();
        await me.Sees("1 of 1 acknowledged");
        await Look(me, "promoted", scheme);
        await me.Go("/");
        await me.Say("checkout should time out after 3s");
        await me.Link("What would happen, and decide").ClickAsync();
        await me.Button("Approve").ClickAsync();
        await me.Button("Promote").ClickAsync();
        await node.Refuse("Proto constraint validation failed: RouteValidationError.Timeout: value must be positive");
        await me.State("rolled back");
        await Look(me, "rolled-back", scheme);
        await me.Go("/nodes");
        await me.Sees("edge-1");
        await Look(me, "nodes", scheme);
        await me.Go("/changes");
        await Look(me, "changes", scheme);
        await me.Go("/findings");
        await Look(me, "findings-none", scheme);
        await site.Findings.Put(Finding());
        await me.Sees("checkout v2");
        await Look(me, "findings", scheme);
    }

    [Fact]
    public async Task Theme_FollowsTheSystem_UntilOneIsChosen_WhichIsRemembered()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Admin(new() { ColorScheme = ColorScheme.Dark });
        var root = me.Page.Locator("html");
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await me.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");
        await me.Page.Locator("[data-theme-switch]").ClickAsync();
        await me.Page.Locator("[data-theme-switch]").ClickAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await me.Go("/changes");
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
    }

    /// <summary>All that a first visit fetches, as it is on the wire.</summary>
    [Fact]
    public async Task FirstView_IsBelow500KB()
    {
        await using var site = await Site.Start(chromium);
        await using var fresh = await site.Stranger();
        var requests = new ConcurrentBag<IRequest>();
        fresh.Context.RequestFinished += (_, r) => requests.Add(r);
        await fresh.SignIn(site.AdminToken);
        var sizes = await Task.WhenAll(requests.Select(async r => (r.Url, Size: (await r.SizesAsync()).ResponseBodySize)));
        Assert.InRange(sizes.Sum(s => s.Size), 1, 500_000);
    }

    private static FindingView Finding()
    {
        var from = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        EvidenceSeries Series(string name, Func<int, double> value) => new(name, "%", [.. Enumerable.Range(0, 120).Select(i => new EvidencePoint(from.AddSeconds(i), value(i)))]);
        return new FindingView("f-1", "failing-version", "checkout v2", "checkout v2 answers 38% of its requests with an error, v1 0.2%.", true, from.AddSeconds(80), null, 0.999,
            [Series("errors of v2", i => i < 80 ? i % 5 * 0.2 : 38 + i % 7), Series("errors of v1", i => i % 3 * 0.1)], "c-2");
    }

    private static async Task Look(Visitor who, string page, ColorScheme scheme)
    {
        foreach (var width in Widths)
        {
            await who.Page.SetViewportSizeAsync(width, 800);
            var folder = Directory.CreateDirectory(Path.Combine(RepositoryPaths.Root, "artifacts", "console")).FullName;
            await who.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{page}-{scheme.ToString().ToLowerInvariant()}-{width}.png"), FullPage = true, Animations = ScreenshotAnimations.Disabled });
            Assert.True(await who.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{page} is wider than {width} pixels");
        }
        var found = await who.Page.RunAxe();
        Assert.Empty(found.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"{page}: {v.Id}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}"));
    }
}
