namespace PolicyEngine.ControlPlane;

public sealed class ControlPlaneOptions
{
    /// <summary>Largest request: a reconnecting delta client lists every resource that it has.</summary>
    public const int DefaultMaxRequestBytes = 32 * 1024 * 1024;

    /// <summary>control_plane.identifier in every response.</summary>
    public string Identifier { get; set; } = "policyengine";

    public int MaxRequestBytes { get; set; } = DefaultMaxRequestBytes;

    /// <summary>How often nodes report their loads.</summary>
    public TimeSpan LoadReportingInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How far apart two versions begin at the least on a stream of collections.</summary>
    public TimeSpan CollectionSyncInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a write may wait for a client that does not read.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
