using System.Security.Cryptography;
using Xunit;

namespace PolicyEngine.Ir.Tests;

/// <summary>What looks like a key or certificate is taken out of text of others; everything else stays.</summary>
public sealed class KeyMaterialTests
{
    private static readonly byte[] Key = Enumerable.Range(0, 121).Select(i => (byte)(i * 37 + 11)).ToArray();
    private static readonly string Pem = PemEncoding.WriteString("PRIVATE KEY", Key);

    [Fact]
    public void Block_LeavesItsFingerprint()
    {
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(Key))[..12];
        Assert.Equal($"refused: [redacted PRIVATE KEY, SHA-256 {fingerprint}…] is odd", KeyMaterial.Hidden($"refused: {Pem} is odd"));
    }

    public static TheoryData<string> Forms =>
    [
        Pem, Pem.Replace("\n", "\\n", StringComparison.Ordinal), Pem.Replace("\n", "\r\n", StringComparison.Ordinal), Pem[..100], Pem[28..], Pem[40..120],
        Convert.ToBase64String(Key), $"inline_bytes: \"{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Pem))}\"", $"{Pem}{Pem}",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Form_OfAKey_LeavesNoPieceOfIt(string text)
    {
        var hidden = KeyMaterial.Hidden($"private_key {text}");
        Assert.Contains("redacted", hidden);
        var whole = Convert.ToBase64String(Key) + Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Pem));
        for (var i = 0; i + 12 <= whole.Length; i++) Assert.DoesNotContain(whole.Substring(i, 12), hidden);
    }

    [Theory]
    [InlineData("Failed to load certificate chain from <inline>, only P-256, P-384 or P-521 ECDSA certificates are supported")]
    [InlineData("no cluster 'checkout.v2' at /var/lib/policyengine/snapshots/2026/11/24/edge/current")]
    [InlineData("what is here is 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae and not that")]
    [InlineData("type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager")]
    [InlineData("-----")]
    [InlineData("")]
    public void OtherText_Stays(string text) => Assert.Equal(text, KeyMaterial.Hidden(text));
}
