using System.Net;
using System.Runtime.InteropServices;
using PolicyEngine.Ir;

namespace PolicyEngine.ControlPlane.ClientReports;

/// <summary>The clients of one cluster. By address as written until they are told, so that an address is read once and not with every request.</summary>
internal sealed class Clients
{
    private readonly Dictionary<string, double> _byAddress = new(StringComparer.Ordinal);
    private double _others;

    /// <summary>Whether the address is new. Where there is no room for one that is, its requests are counted without it.</summary>
    public bool Add(string address, double requests, bool hasRoom)
    {
        if (hasRoom)
        {
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, address, out var known);
            count += requests;
            return !known;
        }
        if (_byAddress.TryGetValue(address, out var own)) _byAddress[address] = own + requests;
        else _others += requests;
        return false;
    }

    /// <summary>The ranges with the most requests, and all others together.</summary>
    public IEnumerable<ClientReport> Reports(string cluster, int most)
    {
        var (ranges, unknown) = (new Dictionary<Cidr, double>(), _others);
        foreach (var (address, requests) in _byAddress)
        {
            // A node may listen on what has no address.
            if (!IPAddress.TryParse(address, out var ip)) unknown += requests;
            else CollectionsMarshal.GetValueRefOrAddDefault(ranges, Cidr.OfClient(ip), out _) += requests;
        }
        var ordered = ranges.OrderByDescending(r => r.Value).ThenBy(r => r.Key).ToList();
        foreach (var (range, requests) in ordered.Take(most)) yield return new ClientReport(cluster, range, requests, requests);
        var others = ordered.Skip(most).ToList();
        yield return new ClientReport(cluster, null, unknown + others.Sum(o => o.Value), unknown + others.Select(o => o.Value).FirstOrDefault());
    }
}
