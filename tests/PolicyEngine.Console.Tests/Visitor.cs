using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace PolicyEngine.Console.Tests;

/// <summary>
/// One person's browser. It takes note of everything that no page of ours may do: scripts that fail, what the policy of the page forbids, and
/// requests to anywhere else; there must be none of it when the person leaves.
/// </summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _trouble = new();

    private Visitor(IBrowserContext context, IPage page) => (Context, Page) = (context, page);

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public static async Task<Visitor> In(IBrowserContext context, Uri home)
    {
        var visitor = new Visitor(context, await context.NewPageAsync());
        context.Request += (_, r) =>
        {
            if (!r.Url.StartsWith(home.ToString(), StringComparison.Ordinal) && !r.Url.StartsWith("data:", StringComparison.Ordinal)) visitor._trouble.Enqueue($"asked elsewhere: {r.Url}");
        };
        context.WebError += (_, e) => visitor._trouble.Enqueue($"script: {e.Error}");
        context.Console += (_, m) =>
        {
            if (m.Type == "error") visitor._trouble.Enqueue($"console: {m.Text}");
        };
        return visitor;
    }

    public async Task SignIn(string token)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("Token").FillAsync(token);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Live();
    }

    public async Task Go(string path)
    {
        await Page.GotoAsync(path);
        await Live();
    }

    /// <summary>Until the page's buttons work.</summary>
    public Task Live() => Assertions.Expect(Page.Locator("main[data-live=yes]")).ToBeVisibleAsync();

    public async Task Say(string words)
    {
        await Page.Locator("#say").FillAsync(words);
        await Button("Ask").ClickAsync();
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name });

    public Task Sees(string text) => Assertions.Expect(Page.Locator("main")).ToContainTextAsync(text);

    public Task State(string state) => Assertions.Expect(Page.Locator(".over .tag")).ToHaveTextAsync(state);

    /// <summary>What went wrong until now was to be expected.</summary>
    public void Forgive() => _trouble.Clear();

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        Assert.Empty(_trouble);
    }
}
