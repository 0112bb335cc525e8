namespace PolicyEngine.Telemetry.Tests.Simulation;

/// <summary>How one version behaves at a moment: its share of the requests, the share of them that fail, and the median duration.</summary>
internal sealed record VersionScript(string Name, double Share)
{
    public double ErrorRatio { get; init; } = 0.001;

    public double MedianMs { get; init; } = 30;

    public bool Reports { get; init; } = true;
}
