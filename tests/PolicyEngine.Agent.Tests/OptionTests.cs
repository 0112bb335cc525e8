using FsCheck.Xunit;
using PolicyEngine.Agent.Upstream;
using Xunit;

namespace PolicyEngine.Agent.Tests;

public sealed class OptionTests
{
    [Theory]
    [InlineData("127.0.0.1:18000", "127.0.0.1:1", "n", "", "write a URL")]
    [InlineData("ftp://127.0.0.1", "127.0.0.1:1", "n", "", "write a URL")]
    [InlineData("http://127.0.0.1:18000/api", "127.0.0.1:1", "n", "", "without a path, as http://127.0.0.1:18000")]
    [InlineData("http://10.0.0.1:18000", "127.0.0.1:1", "n", "", "without TLS")]
    [InlineData("http://localhost:18000", "18001", "n", "", "write ADDRESS:PORT")]
    [InlineData("http://localhost:18000", "edge:18001", "n", "", "write ADDRESS:PORT")]
    [InlineData("http://localhost:18000", "0.0.0.0:18001", "n", "", "only loopback")]
    [InlineData("http://localhost:18000", "127.0.0.1:1", "", "", "--node: between 1 and 253")]
    [InlineData("http://localhost:18000", "127.0.0.1:1", "n", "zone", "write KEY=VALUE")]
    public void WrongOption_IsSaid(string server, string listen, string node, string metadata, string says)
    {
        var error = Assert.Throws<ArgumentException>(() => AgentOptions.Parse(server, node, "edge", metadata.Length == 0 ? [] : [metadata], listen, "data"));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_IsReadAsKeysAndValues() =>
        Assert.Equal([("a", "1=2"), ("zone", "z")], AgentOptions.Parse("https://policies.example.com:18000", "n", "edge", ["zone=z", "a=1=2"], "[::1]:0", "data").Metadata.Select(m => (m.Key, m.Value)));

    [Property]
    public void Backoff_GrowsAndStaysBetweenItsBounds(ushort attempt, byte random)
    {
        var delay = Backoff.Delay(attempt, random / 255.0);
        Assert.InRange(delay, TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(30));
        if (attempt < 6) Assert.InRange(delay, TimeSpan.FromSeconds(0.25 * (1 << attempt)), TimeSpan.FromSeconds(0.5 * (1 << attempt)));
    }
}
