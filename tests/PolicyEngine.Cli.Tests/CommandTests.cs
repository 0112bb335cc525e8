using System.Text.Json.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Cli.Tests;

/// <summary>The command line as a program: its exit codes, its JSON, its errors.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData(0, "planned", "send 5% of checkout traffic to v2, with a 2s timeout and two retries on 5xx")]
    [InlineData(2, "needs-clarification", "send 5% to v2")]
    [InlineData(3, "refused", "what is the weather in Paris")]
    public async Task Plan_ExitCodeAndStatus_SayTheSame(int exit, string status, string intent)
    {
        var (code, output) = await Run("plan", intent, "-o", "json", "--catalog", Shop("catalog"), "--policies", Shop("policies"));
        Assert.Equal(exit, code);
        Assert.Equal(status, (string?)JsonNode.Parse(output)!["status"]);
    }

    [Fact]
    public async Task Plan_AfterAndWrite_GiveTheEditedSet()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var (code, _) = await Run("plan", "now make it 20%", "--after", "send 5% of checkout to v2", "--write", folder, "--catalog", Shop("catalog"), "--policies", Shop("policies"));
        Assert.Equal(0, code);
        Assert.Contains("20%", await File.ReadAllTextAsync(Path.Combine(folder, "trafficsplit-checkout-canary.yaml")), StringComparison.Ordinal);
        var (differs, diff) = await Run("diff", "--catalog", Shop("catalog"), "--from", Shop("policies"), "--to", folder, "-o", "json");
        Assert.Equal(4, differs);
        Assert.Equal("edge", (string?)JsonNode.Parse(diff)!["fleets"]![0]!["fleet"]);
        var (same, _) = await Run("diff", "--catalog", Shop("catalog"), "--from", folder, "--to", folder);
        Assert.Equal(0, same);
        Directory.Delete(folder, true);
    }

    [Theory]
    [InlineData("plan", "send 5% of checkout to v2", "--planner", "model")]
    [InlineData("eval", "--planner", "model")]
    public async Task PlannerWithoutAModel_IsExplained_NotThrown(params string[] command)
    {
        var (code, output) = await Run(command);
        Assert.Equal(1, code);
        Assert.Contains("error: planner 'model' needs a model: --model NAME, or POLICYENGINE_MODEL in the environment", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_OfASample_PutsSoManyCases_AndTakesNoBaselineFromThem()
    {
        var cases = Path.Combine(RepositoryPaths.Root, "evals", "cases");
        var (code, output) = await Run("eval", "--cases", cases, "--sample", "3", "--runs", "2", "-o", "json");
        Assert.Equal(0, code);
        var report = JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.Equal((2, 3, 0), ((int)report["runs"]!, (int)report["sets"]![0]!["all"]!["cases"]!, report["regressions"]!.AsArray().Count));
        Assert.NotEqual(0, (await Run("eval", "--cases", cases, "--sample", "3", "--update-baseline")).ExitCode);
        Assert.NotEqual(0, (await Run("eval", "--cases", cases, "--sample", "0")).ExitCode);
        Assert.NotEqual(0, (await Run("eval", "--cases", cases, "--runs", "21")).ExitCode);
    }

    [Fact]
    public async Task Bootstrap_IsTakenByEnvoy_AndBadNamesAreExplained()
    {
        var (code, yaml) = await Run("bootstrap", "--node", "edge-7", "--cluster", "edge", "--xds", "127.0.0.1:18000");
        Assert.Equal(0, code);
        var (accepted, output) = await EnvoyProcess.Validate(yaml);
        Assert.True(accepted, output);
        Assert.Equal(1, (await Run("bootstrap", "--node", "a\"}, admin: {", "--cluster", "edge")).ExitCode);
        Assert.Equal(1, (await Run("bootstrap", "--xds", "nowhere")).ExitCode);
    }

    [Fact]
    public async Task Detect_FindsTheSpike_AndNamesTheLineThatIsNoRow()
    {
        var file = Path.GetTempFileName();
        var rows = Enumerable.Range(0, 600).Select(i => $"{1_764_547_200 + 60 * i},{(i == 550 ? 900 : 100 + i % 7)}").ToList();
        rows.Insert(10, "not,a,row");
        await File.WriteAllLinesAsync(file, ["timestamp,value", .. rows]);
        var (code, output) = await Run("detect", file);
        Assert.Equal(4, code);
        Assert.Contains("1 of 600 rows", output, StringComparison.Ordinal);
        Assert.Contains(":12:1", output, StringComparison.Ordinal);
        var (_, json) = await Run("detect", file, "-o", "json");
        Assert.Contains("\"anomaly\":true", json, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Compile_Json_HasTheDocumentedShape_AndTheSameBytesTwice()
    {
        string[] command = ["compile", "--catalog", Shop("catalog"), "--policies", Shop("policies"), "--fleet", "edge", "-o", "json"];
        var (code, output) = await Run(command);
        Assert.Equal(0, code);
        var json = JsonNode.Parse(output)!;
        Assert.Equal("edge", (string?)json["fleet"]);
        Assert.Equal(64, ((string?)json["revision"])!.Length);
        Assert.NotEmpty(json["resources"]!["type.googleapis.com/envoy.config.route.v3.RouteConfiguration"]!["resources"]!.AsArray());
        Assert.Equal(output, (await Run(command)).Output);
    }

    [Fact]
    public async Task Check_BrokenPolicies_NamesFileLineAndFix()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.yaml"), "apiVersion: policyengine.dev/v1\nkind: Timeout\nmetadata: {name: t}\nspec: {target: {service: chekout}, request: 1s}\n");
        var (code, output) = await Run("check", "--catalog", Shop("catalog"), "--policies", folder);
        Assert.Equal(1, code);
        Assert.Contains("a.yaml:4:26", output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'checkout'?", output, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public async Task Lint_ForeignFile_FindsWhatEnvoyWouldRefuse()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "static_resources:\n  clusters:\n    - name: \"\"\n      connect_timeout: 1s\n");
        var (code, output) = await Run("lint", file);
        Assert.Equal(1, code);
        Assert.Contains("PE3001", output, StringComparison.Ordinal);
        Assert.Equal(1, (await Run("lint", "/no/such/file")).ExitCode);
        File.Delete(file);
    }

    [Fact]
    public async Task Client_WithoutServer_SaysHowToStartOne()
    {
        var (code, output) = await Run("changes", "--server", $"http://127.0.0.1:{FreePorts.Next()}");
        Assert.Equal(1, code);
        Assert.Contains("dotnet run --project src/PolicyEngine.Server", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_OfAKind_IsJsonSchema() => Assert.Equal("TrafficSplit", (string?)JsonNode.Parse((await Run("schema", "TrafficSplit")).Output)!["title"]);

    [Fact]
    public async Task Demo_WithAnEnvoy_TellsTheStoryToItsEnd()
    {
        var envoy = EnvoyBinary.Require();
        var (code, output) = await ChildProcess.Run("dotnet",
            ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "PolicyEngine.Cli.Tests.runtimeconfig.json"), Path.Combine(AppContext.BaseDirectory, "policyctl.dll"), "demo"],
            new Dictionary<string, string> { ["ENVOY_PATH"] = envoy }, limit: TimeSpan.FromSeconds(120));
        Assert.True(code == 0, output);
        Assert.Matches(@"after the promotion .*v2 [3-7]\.[0-9] %  failed 0", output);
        Assert.Matches(@"after the rollback .*v1 100\.0 %  v2 0\.0 %  failed 0", output);
    }

    private static string Shop(string folder) => Path.Combine(RepositoryPaths.Shop, folder);

    internal static Task<(int ExitCode, string Output)> Run(params string[] arguments) =>
        ChildProcess.Run("dotnet", ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "PolicyEngine.Cli.Tests.runtimeconfig.json"), Path.Combine(AppContext.BaseDirectory, "policyctl.dll"), .. arguments]);
}
