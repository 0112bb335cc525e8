namespace PolicyEngine.ControlPlane.Loads;

/// <summary>What a node did with one cluster, in one locality, since its last report.</summary>
/// <param name="Interval">The time that it covers.</param>
public sealed record LoadReport(string NodeId, string? Fleet, string Cluster, string Locality, ulong Successful, ulong Errors, ulong Issued, ulong UnderWay, TimeSpan Interval, DateTimeOffset At);

/// <summary>Where load reports go. Called on the stream of the node that reports; must not wait.</summary>
public interface ILoadSink
{
    void Report(LoadReport report);

    /// <summary>A node's report stream ended.</summary>
    void Ended(string nodeId);
}

/// <summary>For a host that looks at no loads.</summary>
internal sealed class NoLoads : ILoadSink
{
    public void Report(LoadReport report)
    {
    }

    public void Ended(string nodeId)
    {
    }
}
