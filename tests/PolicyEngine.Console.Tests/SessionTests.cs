using System.Net;
using Microsoft.Playwright;
using PolicyEngine.Changes;
using PolicyEngine.Testing;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace PolicyEngine.Console.Tests;

/// <summary>Who is let in, how, and when it ends.</summary>
public sealed class SessionTests(Chromium chromium)
{
    [Fact]
    public async Task Stranger_IsAskedForAToken_AndComesWhereTheyWanted()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Stranger();
        await me.Page.GotoAsync("/nodes");
        await Expect(me.Page).ToHaveTitleAsync("Sign in · PolicyEngine");
        await me.Page.GetByLabel("Token").FillAsync("pe_wrong");
        await me.Button("Sign in").ClickAsync();
        await Expect(me.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not known");
        await me.Page.GotoAsync("/nodes");
        await me.Page.GetByLabel("Token").FillAsync(site.AdminToken);
        await me.Button("Sign in").ClickAsync();
        await Expect(me.Page).ToHaveTitleAsync("Nodes · PolicyEngine");
        var cookie = Assert.Single(await me.Context.CookiesAsync(), c => c.Name == "policyengine-session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(site.AdminToken, cookie.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithdrawnToken_EndsThePageThatIsOpen()
    {
        await using var site = await Site.Start(chromium);
        var eve = await site.User("eve", Roles.Operator);
        await eve.Go("/changes");
        Assert.Null(site.Users.Remove("eve"));
        await Expect(eve.Page.Locator("main")).ToContainTextAsync("signed out", new() { IgnoreCase = true });
        await Expect(eve.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("sign-in"));
        await eve.Page.GotoAsync("/changes");
        await Expect(eve.Page).ToHaveTitleAsync("Sign in · PolicyEngine");
        // The browser itself writes down that the connection was taken away.
        eve.Forgive();
        await eve.DisposeAsync();
    }

    [Fact]
    public async Task SigningOut_EndsTheOtherWindowToo()
    {
        await using var site = await Site.Start(chromium);
        var me = await site.Admin();
        var window = await me.Context.NewPageAsync();
        await window.GotoAsync("/changes");
        await Expect(window.Locator("main[data-live=yes]")).ToBeVisibleAsync();
        await me.Button("Sign out").ClickAsync();
        await Expect(me.Page).ToHaveTitleAsync("Sign in · PolicyEngine");
        await Expect(window).ToHaveTitleAsync("Sign in · PolicyEngine");
        me.Forgive();
        await me.DisposeAsync();
    }

    [Fact]
    public async Task ServerThatCameBack_LeadsToSignInAgain_ByItself()
    {
        var site = await Site.Start(chromium);
        var me = await site.Admin();
        await me.Go("/changes");
        await site.Stop();
        await Expect(me.Page.Locator("dialog[open]")).ToContainTextAsync("goes on by itself");
        await using (await Site.Start(chromium, site.Address.Port))
            await Expect(me.Page).ToHaveTitleAsync("Sign in · PolicyEngine");
        me.Forgive();
        await me.DisposeAsync();
        await site.DisposeAsync();
    }

    [Fact]
    public async Task Forms_FromElsewhereOrTooOld_SignNobodyInOrOut()
    {
        await using var site = await Site.Start(chromium);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = site.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = site.AdminToken, ["return"] = "//elsewhere.example" });
        using var answer = await http.PostAsync("/session", form).WithTimeout();
        Assert.Equal("/sign-in?problem=stale", answer.Headers.Location!.ToString());
        Assert.False(answer.Headers.Contains("Set-Cookie") && answer.Headers.GetValues("Set-Cookie").Any(c => c.StartsWith("policyengine-session", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task SignIn_LeadsNowhereElse()
    {
        await using var site = await Site.Start(chromium);
        await using var me = await site.Stranger();
        foreach (var elsewhere in new[] { "//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)" })
        {
            await me.Page.GotoAsync($"/sign-in?ReturnUrl={Uri.EscapeDataString(elsewhere)}");
            await me.Page.GetByLabel("Token").FillAsync(site.AdminToken);
            await me.Button("Sign in").ClickAsync();
            await Expect(me.Page).ToHaveURLAsync(site.Address.ToString());
            await me.Live();
        }
    }

    [Fact]
    public async Task WithoutSession_NoPageAndNoCircuit_AndACookieOpensNoApi()
    {
        await using var site = await Site.Start(chromium);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var http = new HttpClient(handler) { BaseAddress = site.Address };
        foreach (var path in new[] { "/", "/changes", "/changes/c-1", "/nodes", "/findings", "/ask/c-1" })
        {
            using var page = await http.GetAsync(path).WithTimeout();
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
            Assert.Contains("script-src 'self';", string.Join(' ', page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        }
        using (var circuit = await http.PostAsync("/_blazor/negotiate?negotiateVersion=1", null).WithTimeout()) Assert.Equal(HttpStatusCode.Unauthorized, circuit.StatusCode);
        await using var me = await site.Admin();
        var cookie = (await me.Context.CookiesAsync()).Single(c => c.Name == "policyengine-session");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/changes");
        request.Headers.Add("Cookie", $"{cookie.Name}={cookie.Value}");
        using var api = await http.SendAsync(request).WithTimeout();
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
    }
}
