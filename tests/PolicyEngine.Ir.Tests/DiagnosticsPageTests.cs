using System.Text;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Ir.Tests;

/// <summary><c>docs/diagnostics.md</c> is the catalogue.</summary>
public sealed class DiagnosticsPageTests
{
    [Fact]
    public void Page_OfAllCodes_IsTheOneInDocs()
    {
        var page = new StringBuilder("# Diagnostics\n\nEvery code, generated from the catalogue. A code is never reused.\n");
        foreach (var rule in DiagnosticCatalogue.All.Values) page.Append($"\n## {rule.Code}: {rule.Title}\n\n*{rule.Severity.ToString().ToLowerInvariant()}.* {rule.Explanation}\n");
        Golden.Match(page.ToString(), Path.Combine(RepositoryPaths.Root, "docs", "diagnostics.md"));
    }
}
