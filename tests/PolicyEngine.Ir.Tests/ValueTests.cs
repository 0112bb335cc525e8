using System.Net;
using FsCheck.Xunit;
using PolicyEngine.Ir;
using Xunit;

namespace PolicyEngine.Ir.Tests;

public sealed class ValueTests
{
    [Theory]
    [InlineData("5%", 50_000)]
    [InlineData("5 %", 50_000)]
    [InlineData("0.0001%", 1)]
    [InlineData("100", 1_000_000)]
    public void Percentage_Forms_AreExact(string text, int millionths)
    {
        Assert.True(Percentage.TryParse(text, out var percentage));
        Assert.Equal(millionths, percentage.Millionths);
    }

    [Theory]
    [InlineData("101%")]
    [InlineData("-1%")]
    [InlineData("1e2")]
    [InlineData("0.00001")]
    [InlineData("%")]
    [InlineData("5%%")]
    public void Percentage_Malformed_IsRefused(string text) => Assert.False(Percentage.TryParse(text, out _));

    [Property]
    public bool Percentage_Text_ReadsBack(int seed)
    {
        var percentage = Percentage.FromMillionths(Math.Abs(seed % 1_000_001));
        return Percentage.TryParse(percentage.ToString(), out var back) && back == percentage;
    }

    [Theory]
    [InlineData("750ms", 750)]
    [InlineData("2s", 2_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1h", 3_600_000)]
    public void Duration_Forms_AreRead(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("s")]
    [InlineData("-2s")]
    [InlineData("0.5ms")]
    [InlineData("99999999999h")]
    public void Duration_Malformed_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Property]
    public bool Duration_Text_ReadsBack(int milliseconds)
    {
        var duration = TimeSpan.FromMilliseconds(Math.Abs((long)milliseconds));
        return Duration.TryParse(Duration.Format(duration), out var back) && back == duration;
    }

    [Theory]
    [InlineData("10.1.2.3/8", "10.0.0.0/8")]
    [InlineData("10.1.2.3", "10.1.2.3/32")]
    [InlineData("2001:db8::1/32", "2001:db8::/32")]
    public void Cidr_HostBits_AreCleared(string text, string canonical)
    {
        Assert.True(Cidr.TryParse(text, out var cidr));
        Assert.Equal(canonical, cidr.ToString());
    }

    [Theory]
    [InlineData("10/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.com")]
    public void Cidr_Malformed_IsRefused(string text) => Assert.False(Cidr.TryParse(text, out _));

    [Property]
    public bool Cidr_OfAnyAddress_ContainsIt(uint address, byte length)
    {
        var ip = new IPAddress(BitConverter.GetBytes(address));
        return Cidr.TryParse($"{ip}/{length % 33}", out var cidr) && cidr.Contains(ip);
    }
}
