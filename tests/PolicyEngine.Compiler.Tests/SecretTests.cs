using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Compiler.Tests;

/// <summary>Secrets as documents: names and places, never what is kept there.</summary>
public sealed class SecretTests
{
    private const string Head = "apiVersion: policyengine.dev/v1\n";

    private const string Secrets = $$$"""
        {{{Head}}}kind: Secret
        metadata: {name: shop-tls}
        spec: {certificate: {file: shop/tls.crt}, key: {env: SHOP_KEY}}
        ---
        {{{Head}}}kind: Secret
        metadata: {name: clients}
        spec: {ca: {file: clients.pem}}
        ---
        {{{Head}}}kind: Fleet
        metadata: {name: edge}
        spec: {nodes: {cluster: edge}}

        """;

    [Fact]
    public void HttpsListener_NamesItsSecrets_AndWhereTheyComeFrom()
    {
        var compiled = PolicyCompiler.Compile(Catalog("{secret: shop-tls, clientCa: clients}"), PolicySet.Empty);
        Assert.Empty(compiled.Diagnostics);
        Golden.Match(IrJson.Write(compiled.Fleets), Path.Combine(Golden.Folder("goldens"), "https.ir.json"));
    }

    [Theory]
    [InlineData("{secret: shop-tsl}", "there is no secret with a certificate 'shop-tsl'", "did you mean 'shop-tls'?", "spec.listeners[0].tls.secret")]
    [InlineData("{secret: clients}", "there is no secret with a certificate 'clients'", "known: shop-tls", "spec.listeners[0].tls.secret")]
    [InlineData("{secret: shop-tls, clientCa: shop-tls}", "there is no secret with an authority 'shop-tls'", "known: clients", "spec.listeners[0].tls.clientCa")]
    public void UnknownSecret_IsAnError_WithTheNearestName(string tls, string message, string fix, string field)
    {
        var wrong = Assert.Single(PolicyCompiler.Compile(Catalog(tls), PolicySet.Empty).Diagnostics);
        Assert.Equal(("PE2001", message, fix, field), (wrong.Code, wrong.Message, wrong.Fix, wrong.Field));
    }

    [Theory]
    [InlineData("{certificate: {file: ../tls.crt}, key: {file: tls.key}}", "PE1003")]
    [InlineData("{certificate: {file: /etc/tls.crt}, key: {file: tls.key}}", "PE1003")]
    [InlineData("{certificate: {file: a/../../tls.crt}, key: {file: tls.key}}", "PE1003")]
    [InlineData("{certificate: {file: a/.hidden}, key: {file: tls.key}}", "PE1003")]
    [InlineData("{certificate: {env: \"A B\"}, key: {file: tls.key}}", "PE1003")]
    [InlineData("{certificate: {file: a, env: B}, key: {file: tls.key}}", "PE1008")]
    [InlineData("{certificate: {file: tls.crt}}", "PE1004")]
    [InlineData("{ca: {file: ca.pem}, key: {file: tls.key}}", "PE1008")]
    [InlineData("{ca: {file: ca.pem}, certificate: {file: tls.crt}, key: {file: tls.key}}", "PE1008")]
    [InlineData("{}", "PE1008")]
    [InlineData("{certificate: \"-----BEGIN PRIVATE KEY-----MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg-----END PRIVATE KEY-----\", key: {file: k}}", "PE1003")]
    [InlineData("{certificate: {file: \"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMIGHAgEAMBMGByqGSM49AgEGCCqGSM49=\"}, key: {file: k}}", "PE1003")]
    public void PlaceThatIsNone_IsRefused_AndNoKeyIsRepeated(string spec, string code)
    {
        var parsed = DocumentParser.Parse($"{Head}kind: Secret\nmetadata: {{name: s}}\nspec: {spec}\n", "s.yaml");
        Assert.Empty(parsed.Documents);
        Assert.Contains(parsed.Diagnostics, d => d.Code == code);
        Assert.DoesNotContain(parsed.Diagnostics, d => d.ToString().Contains("MIGHAgEAMBMG", StringComparison.Ordinal));
    }

    private static ServiceCatalog Catalog(string tls)
    {
        var read = DocumentParser.Parse($$$"""
            {{{Secrets}}}---
            {{{Head}}}kind: Gateway
            metadata: {name: public}
            spec: {listeners: [{name: https, port: 8443, hostnames: [shop.example.com], tls: {{{tls}}} }]}
            """, "catalog.yaml");
        Assert.Empty(read.Diagnostics);
        return new ServiceCatalog(read.Documents);
    }
}
