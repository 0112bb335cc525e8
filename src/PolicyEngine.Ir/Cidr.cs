using System.Net;
using System.Net.Sockets;

namespace PolicyEngine.Ir;

/// <summary>An IPv4 or IPv6 range, host bits cleared: <c>10.1.2.3/8</c> reads as <c>10.0.0.0/8</c>, a bare address as its /32 or /128.</summary>
public readonly record struct Cidr : IComparable<Cidr>
{
    private readonly IPNetwork _network;

    private Cidr(IPNetwork network) => _network = network;

    public string Address => _network.BaseAddress.ToString();

    public int PrefixLength => _network.PrefixLength;

    public bool IsEverything => _network.PrefixLength == 0;

    public static bool TryParse(string text, out Cidr cidr)
    {
        cidr = default;
        var slash = text.IndexOf('/');
        var host = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(host, out var address) || host.Any(c => c is '%' or '[' or ']')) return false;
        // "10" and "10.1" are addresses to IPAddress, never to a person.
        if (address.AddressFamily == AddressFamily.InterNetwork && host.Count(c => c == '.') != 3) return false;
        var width = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var length = width;
        if (slash >= 0 && (!byte.TryParse(text.AsSpan(slash + 1), out var l) || (length = l) > width)) return false;
        cidr = new Cidr(new IPNetwork(Masked(address, length), length));
        return true;
    }

    /// <summary>How long the prefix of a client's range is: of IPv6, one client may use every address of a /64.</summary>
    public const int ClientPrefixV4 = 24;

    public const int ClientPrefixV6 = 64;

    /// <summary>The range that a client's address is counted in.</summary>
    public static Cidr OfClient(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var length = plain.AddressFamily == AddressFamily.InterNetwork ? ClientPrefixV4 : ClientPrefixV6;
        return new Cidr(new IPNetwork(Masked(plain, length), length));
    }

    public bool Contains(IPAddress address) => _network.Contains(address);

    public bool Contains(Cidr other) =>
        other.PrefixLength >= PrefixLength
        && other._network.BaseAddress.AddressFamily == _network.BaseAddress.AddressFamily
        && _network.Contains(other._network.BaseAddress);

    public int CompareTo(Cidr other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => _network.ToString();

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var keep = Math.Clamp(length - 8 * i, 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - keep));
        }
        return new IPAddress(bytes);
    }
}
