using PolicyEngine.Planning.Models.Prompts;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Planning.Tests.Models;

public sealed class RedactorTests
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ";

    [Theory]
    [InlineData("set header authorization: Bearer abc123def456 on checkout", "abc123def456")]
    [InlineData("use Basic dXNlcjpwYXNzd29yZA== for it", "dXNlcjpwYXNzd29yZA==")]
    [InlineData("mirror to https://admin:hunter2@db.example.com/x", "hunter2")]
    [InlineData("the password is tr0ub4dor", "tr0ub4dor")]
    [InlineData("api_key=12345abcde on search", "12345abcde")]
    [InlineData("{\"client_secret\": \"s3cr3tvalue\"}", "s3cr3tvalue")]
    [InlineData("set header x-key: sk-proj-abcdefghijklmnop1234 on checkout", "sk-proj-abcdefghijklmnop1234")]
    [InlineData("add ghp_abcdefghijklmnopqrst0123456789 to it", "ghp_abcdefghijklmnopqrst0123456789")]
    [InlineData("AKIAIOSFODNN7EXAMPLE is ours", "AKIAIOSFODNN7EXAMPLE")]
    [InlineData("token " + Jwt, Jwt)]
    [InlineData("set header x-sig: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c on checkout", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c")]
    [InlineData("set header x-a: Zm9vYmFyQmF6UXV4MTIzNDU2Nzg5MA on checkout", "Zm9vYmFyQmF6UXV4MTIzNDU2Nzg5MA")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY----- for orders", "MIIEow")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIIEow and no end", "MIIEow")]
    public void Redact_Secret_IsGone(string text, string secret)
    {
        var redacted = new Redactor([]).Redact(text);
        Assert.DoesNotContain(secret, redacted, StringComparison.Ordinal);
        Assert.Contains("[redacted:1]", redacted, StringComparison.Ordinal);
        Assert.True(Redactor.IsIn(redacted));
    }

    [Theory]
    [InlineData("send 5% of checkout traffic to v2 for requests with header x-beta: true")]
    [InlineData("block 2001:db8:85a3::8a2e:370:7334/128 and 10.0.0.0/8 from checkout")]
    [InlineData("route shop.example.com/recommendations/personalised/winter-collection to storefront")]
    [InlineData("raise the timeout on checkout-payments-eu-west-1-canary to 3s until 2026-12-01T18:00:00Z")]
    [InlineData("mirror internationalization-and-localization to v2")]
    [InlineData("limit token-service to 10 rps")]
    public void Redact_PlainIntent_StaysAsItIs(string text) => Assert.Equal(text, new Redactor([]).Redact(text));

    [Fact]
    public void Redact_SameSecret_SamePlaceholder()
    {
        var redactor = new Redactor([]);
        Assert.Equal("a Bearer [redacted:1] b", redactor.Redact("a Bearer abcdef123456 b"));
        Assert.Equal("Bearer [redacted:2], Bearer [redacted:1]", redactor.Redact("Bearer zzzzzz999999, Bearer abcdef123456"));
        Assert.Equal(2, redactor.Count);
    }

    [Fact]
    public async Task Plan_SecretInIntentAndStanding_NeverLeaves_AndAPlaceholderIsAQuestion()
    {
        const string secret = "abcdefgh12345678";
        var standing = Shop.Standing.Apply(EmbeddedPlanner.Plan(Shop.Request("set header x-token: \"Bearer zyxwvu987654\" on checkout")).Edits);
        Assert.Equal(Shop.Standing.Documents.Count + 1, standing.Documents.Count);
        await using var server = new ChatServer(Reply.Says(Shop.Proposal(("Headers", "checkout-auth", "{target: {service: checkout}, request: {set: [{name: x-auth, value: \"Bearer [redacted:1]\"}]}}"))));
        var request = Shop.Request($"set header x-auth: \"Bearer {secret}\" on checkout") with { Policies = standing };
        var plan = await Shop.Model(server.Options).PlanAsync(request, default).WithTimeout();
        Assert.Equal(PlanStatus.NeedsClarification, plan.Status);
        Assert.Equal(2, plan.Provenance.Model!.Redacted);
        var sent = server.Requests.Single().ToJsonString();
        Assert.DoesNotContain(secret, sent, StringComparison.Ordinal);
        Assert.DoesNotContain("zyxwvu987654", sent, StringComparison.Ordinal);
        Assert.Contains("[redacted:2]", sent, StringComparison.Ordinal);
        // The embedded planner reads the intent where it is, and needs no model to see the value.
        var judged = await Shop.Judged(server).PlanAsync(request, default).WithTimeout();
        Assert.Contains($"Bearer {secret}", judged.Edits.Single().Upserted!.ToYaml(), StringComparison.Ordinal);
    }
}
