using System.Text.RegularExpressions;
using PolicyEngine.Server;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>The pages say what the program does: their commands are run, their output is the program's, their options are its own.</summary>
public sealed class DocumentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Every <c>$ ./policyctl …</c> of a page, in order, against a fresh server with the sample shop; what the page quotes is there.</summary>
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/collections.md")]
    public async Task Commands_OfAPage_DoWhatThePageSays(string page)
    {
        await using var server = await ServerProcess.Start(_folder);
        foreach (var (command, quoted) in Commands(await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, page))))
        {
            var (code, output) = await ChildProcess.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "policyctl.dll"), .. Words(command)], new Dictionary<string, string>
            {
                ["POLICYCTL_SERVER"] = server.Address.ToString(),
                ["POLICYCTL_TOKEN"] = server.Token,
            }, RepositoryPaths.Root);
            Assert.True(code is 0 or 4, $"{page}: {command} ends with {code}:\n{output}");
            var at = 0;
            foreach (var line in quoted)
            {
                var found = output.IndexOf(line, at, StringComparison.Ordinal);
                Assert.True(found >= 0, $"{page}: {command} does not print '{line}' (there). It prints:\n{output}");
                at = found + line.Length;
            }
        }
    }

    [Fact]
    public void Options_OfTheServer_StandInOperations()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "operations.md"));
        var table = Regex.Matches(page, @"^\| `(?<all>[^|]*)\|", RegexOptions.Multiline).SelectMany(r => Regex.Matches(r.Value, "--[a-z-]+").Select(m => m.Value)).ToHashSet();
        Assert.Equal(ServerOptions.Switches.Keys.Order(), table.Order());
    }

    [Fact]
    public void Bootstrap_InOperations_IsTheOneThatTheCommandWrites() =>
        Assert.Contains(NodeBootstrap.Write("edge-1", "edge", "127.0.0.1", 18000), File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "operations.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);

    /// <summary>A command that runs until it is stopped is not run, but has the options that the page names.</summary>
    [Fact]
    public async Task AgentCommand_InCollections_HasTheOptionsOfTheProgram()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(RepositoryPaths.Root, "docs", "collections.md"));
        var (_, help) = await ChildProcess.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "policyctl.dll"), "agent", "--help"]);
        var options = Regex.Matches(Regex.Match(page, @"^\./policyctl agent (?<options>.*)$", RegexOptions.Multiline).Groups["options"].Value, "--[a-z-]+").Select(m => m.Value).ToList();
        Assert.Contains("--data", options);
        Assert.All(options, o => Assert.Contains(o, help, StringComparison.Ordinal));
    }

    /// <summary>Links of the pages lead somewhere.</summary>
    [Fact]
    public void Links_LeadToFiles()
    {
        string[] pages = ["README.md", .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md").Select(f => Path.GetRelativePath(RepositoryPaths.Root, f))];
        foreach (var page in pages)
            foreach (Match link in Regex.Matches(File.ReadAllText(Path.Combine(RepositoryPaths.Root, page)), @"\]\((?!https?:|#)(?<to>[^)#]+)"))
                Assert.True(Path.Exists(Path.Combine(RepositoryPaths.Root, Path.GetDirectoryName(page)!, link.Groups["to"].Value)), $"{page} links to {link.Groups["to"].Value}");
    }

    /// <summary>Commands that begin with a prompt, and the lines under each; "…" stands for what is left out.</summary>
    private static IEnumerable<(string Command, List<string> Quoted)> Commands(string text)
    {
        foreach (Match block in Regex.Matches(text.ReplaceLineEndings("\n"), "```[a-z]*\n(?<body>.*?)```", RegexOptions.Singleline))
        {
            (string Command, List<string> Quoted)? current = null;
            foreach (var line in block.Groups["body"].Value.Split('\n'))
            {
                if (line.StartsWith("$ ", StringComparison.Ordinal))
                {
                    if (current is { } done) yield return done;
                    current = line.StartsWith("$ ./policyctl ", StringComparison.Ordinal) ? (line["$ ./policyctl ".Length..], []) : null;
                }
                else if (current is { } open && line.Trim() is { Length: > 0 } and not "…") open.Quoted.Add(line.Trim());
            }
            if (current is { } last) yield return last;
        }
    }

    private static IEnumerable<string> Words(string command) =>
        Regex.Matches(Regex.Replace(command, @"\s+#.*$", ""), "\"(?<q>[^\"]*)\"|(?<w>\\S+)").Select(m => m.Groups["q"].Success ? m.Groups["q"].Value : m.Groups["w"].Value);
}
