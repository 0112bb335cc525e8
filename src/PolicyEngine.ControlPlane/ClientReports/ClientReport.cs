using PolicyEngine.Ir;

namespace PolicyEngine.ControlPlane.ClientReports;

/// <summary>How many requests of a range of clients were let through to a cluster in about a second, by all nodes.</summary>
/// <param name="Range">Null: all others together, each fewer than those that are named; none at all where every request was refused.</param>
/// <param name="Requests">Where nodes report a share of the requests only, how many those stand for.</param>
/// <param name="MostOfOne">How many of them may be those of one range.</param>
public sealed record ClientReport(string Cluster, Cidr? Range, double Requests, double MostOfOne);

/// <summary>Where reports of clients go, once a second if there are any. Must not wait.</summary>
public interface IClientSink
{
    void Report(IReadOnlyList<ClientReport> reports);
}

/// <summary>For a host that looks at no clients.</summary>
internal sealed class NoClients : IClientSink
{
    public void Report(IReadOnlyList<ClientReport> reports)
    {
    }
}
