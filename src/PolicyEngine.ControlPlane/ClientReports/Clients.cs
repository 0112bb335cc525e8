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
        var (ranges, others) = (new Dictionary<Cidr, double>(), _others);
        foreach (var (address, requests) in _byAddress)
        {
            // A node may listen on what has no address.
            if (!IPAddress.TryParse(address, out var ip)) others += requests;
            else CollectionsMarshal.GetValueRefOrAddDefault(ranges, Cidr.OfClient(ip), out _) += requests;
        }
        var busiest = ranges.Count <= most ? ranges.ToList() : ranges.OrderByDescending(r => r.Value).ThenBy(r => r.Key).Take(most).ToList();
        foreach (var (range, requests) in busiest)
        {
            ranges.Remove(range);
            yield return new ClientReport(cluster, range, requests);
        }
        yield return new ClientReport(cluster, null, others + ranges.Values.Sum());
    }
}
