using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Policies.Tests;

public sealed class ParsingTests
{
    private const string Head = "apiVersion: policyengine.dev/v1\n";

    /// <summary>What a person may mistype: the text, the code, the place, and the fix that is offered.</summary>
    public static TheoryData<string, string, string, string?> Wrong => new()
    {
        { Head + "kind: TrafficSplit\nmetadata: {name: a}\nspec: {target: {service: s}, backends: [{version: v1, wieght: 100}]}", "PE1002", "f.yaml:4:55", "did you mean 'weight'?" },
        { Head + "kind: TrafficSplit\nmetadata: {name: a}\nspec: {target: {service: s}, backends: [{version: v1, weight: 60}, {version: v2, weight: 60}]}", "PE1007", "f.yaml:4:30", "for instance backends[1].weight: 40%" },
        { Head + "kind: TrafficSplt\nmetadata: {name: a}\nspec: {}", "PE1005", "f.yaml:2:7", "did you mean 'TrafficSplit'?" },
        { "apiVersion: v1\nkind: Timeout\nmetadata: {name: a}\nspec: {target: {service: s}, request: 1s}", "PE1005", "f.yaml:1:13", "write apiVersion: policyengine.dev/v1" },
        { Head + "kind: Timeout\nmetadata: {name: a}\nspec: {target: {service: s, route: r}, request: 1s}", "PE1008", "f.yaml:4:29", null },
        { Head + "kind: Timeout\nmetadata: {name: a}\nspec: {target: {service: s}}", "PE1004", "f.yaml:4:7", null },
        { Head + "kind: Timeout\nmetadata: {name: a}\nspec: {target: {service: s}, request: 2 seconds}", "PE1003", "f.yaml:4:39", null },
        { Head + "kind: Timeout\nmetadata: {name: Not A Name}\nspec: {target: {service: s}, request: 2s}", "PE1003", "f.yaml:3:18", null },
        { Head + "kind: Retry\nmetadata: {name: a}\nspec: {target: {service: s}, attempts: 99}", "PE1003", "f.yaml:4:40", null },
        { Head + "kind: Retry\nmetadata: {name: a}\nspec: {target: {service: s}, attempts: \"2\"}", "PE1003", "f.yaml:4:40", "write 2 without quotes" },
        { Head + "kind: Retry\nmetadata: {name: a}\nspec: {target: {service: s}, attempts: 1, retryOn: [gateway-eror]}", "PE1003", "f.yaml:4:53", "did you mean 'gateway-error'?" },
        { Head + "kind: Authorization\nmetadata: {name: a}\nspec: {target: {service: s}, action: deny, rules: [{cidrs: [10.0.0/8]}]}", "PE1003", "f.yaml:4:61", null },
        { Head + "kind: Route\nmetadata: {name: a}\nspec: {matches: [{path: {regex: \"(?=x)\"}}], backends: [{service: s}]}", "PE1009", "f.yaml:4:33", null },
        { Head + "kind: Fleet\nmetadata: {name: a}\nspec: {nodes: {cluster: edge}, clientReports: {share: 0%}}", "PE1003", "f.yaml:4:55", "leave clientReports out" },
        { Head + "kind: Fleet\nmetadata: {name: a}\nspec: {role: proxyless, nodes: {cluster: c}, clientReports: {share: 10%}}", "PE1003", "f.yaml:4:46", "leave clientReports out: it is for role gateway" },
        { Head + "kind: Fleet\nmetadata: {name: a}\nspec: {nodes: {cluster: edge}, clientReports: {share: most}}", "PE1003", "f.yaml:4:55", null },
        { Head + "kind: Fleet\nmetadata: {name: a}\nspec: {nodes: {cluster: edge}, clientReports: {shares: 10%}}", "PE1002", "f.yaml:4:48", "did you mean 'share'?" },
        { Head + "kind: Timeout\nkind: Retry\n", "PE1001", "f.yaml:3:1", null },
        { "a: &x 1\nb: *x\n", "PE1001", "f.yaml:1:4", null },
        { "- 1\n- 2\n", "PE1001", "f.yaml:1:1", null },
        { "kind: [unclosed", "PE1001", "f.yaml:1:16", null },
        { "{\"apiVersion\": \"policyengine.dev/v1\", \"kind\": 5", "PE1001", "f.yaml:1:48", null },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Parse_WrongInput_NamesPlaceAndNearestRightThing(string text, string code, string place, string? fix)
    {
        var result = DocumentParser.Parse(text, "f.yaml");
        Assert.Empty(result.Documents);
        var diagnostic = Assert.Single(result.Diagnostics, d => d.Code == code);
        Assert.Equal(place, diagnostic.Location?.ToString());
        if (fix is not null) Assert.Equal(fix, diagnostic.Fix);
    }

    [Fact]
    public void Parse_OneWrongAmongMany_TheOthersComeThrough()
    {
        var result = DocumentParser.Parse($"{Head}kind: Timeout\nmetadata: {{name: good}}\nspec: {{target: {{service: s}}, request: 1s}}\n---\n{Head}kind: Nope\n", "f.yaml");
        Assert.Equal("Timeout/good", Assert.Single(result.Documents).Id);
        Assert.True(result.Diagnostics.HasErrors());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(5_000)]
    public void Parse_NestedDeeply_IsRefusedAndDoesNotOverflow(int depth)
    {
        var result = DocumentParser.Parse(new string('[', depth) + new string(']', depth), "f.yaml");
        Assert.Equal("PE1001", Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public void Parse_HostileNames_AreShownBoundedAndWithoutControlCharacters()
    {
        var result = DocumentParser.Parse($"{Head}kind: Timeout\nmetadata: {{name: a}}\nspec: {{\"\\e[31m{new string('x', 5000)}\": 1}}", "f.yaml");
        Assert.All(result.Diagnostics, d => Assert.True(d.Message.Length < 300 && !d.Message.Any(char.IsControl), d.Message));
    }

    [Fact]
    public void Write_ShopDocuments_ReadBackAsTheSame()
    {
        var documents = DocumentFolder.Read(RepositoryPaths.Shop);
        Assert.Empty(documents.Diagnostics);
        Assert.All(documents.Documents, d =>
        {
            Assert.Equal(d, Assert.Single(DocumentParser.Parse(d.ToYaml(), "y").Documents));
            Assert.Equal(d, Assert.Single(DocumentParser.Parse(d.ToJson().ToJsonString(), "j").Documents));
        });
    }

    [Fact]
    public void Read_SameNameTwice_IsAnErrorThatNamesBothPlaces()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "a.yaml"), $"{Head}kind: Timeout\nmetadata: {{name: t}}\nspec: {{target: {{service: s}}, request: 1s}}\n");
        File.WriteAllText(Path.Combine(folder, "b.yaml"), $"{Head}kind: Timeout\nmetadata: {{name: t}}\nspec: {{target: {{service: s}}, request: 2s}}\n");
        var diagnostic = Assert.Single(DocumentFolder.Read(folder).Diagnostics);
        Assert.Equal("PE1006", diagnostic.Code);
        Assert.Contains("a.yaml:3:", diagnostic.Message, StringComparison.Ordinal);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void Write_FolderWithOtherDocuments_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "mine.yaml"), "a: b\n");
        Assert.Throws<IOException>(() => DocumentFolder.Write(folder, PolicySet.Empty));
        Assert.True(File.Exists(Path.Combine(folder, "mine.yaml")));
        Directory.Delete(folder, true);
    }

    [Fact]
    public void EditsTo_AndApply_AreInverse()
    {
        var set = new PolicySet(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);
        var other = set.Apply([PolicyEdit.Remove(Kinds.Route, "orders"), PolicyEdit.Upsert(set.Find(Kinds.Timeout, "search-timeout")!.With(new Metadata { Name = "search-timeout", Reason = "other" }))]);
        Assert.Equal(other.Revision, set.Apply(set.EditsTo(other)).Revision);
        Assert.Equal(set.Revision, other.Apply(other.EditsTo(set)).Revision);
        Assert.Empty(set.EditsTo(set));
    }
}
