using System.Collections.Frozen;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane;

public sealed class ControlPlaneOptions
{
    /// <summary>Largest request: a reconnecting delta client lists every resource that it has.</summary>
    public const int DefaultMaxRequestBytes = 32 * 1024 * 1024;

    /// <summary>control_plane.identifier in every response.</summary>
    public string Identifier { get; set; } = "policyengine";

    public int MaxRequestBytes { get; set; } = DefaultMaxRequestBytes;

    /// <summary>
    /// Types of which an empty first delta request wants nothing instead of everything, beside those that are never wanted whole: for clients that
    /// ask for clusters (<c>ResourceType.Cluster</c>) on demand.
    /// </summary>
    public IReadOnlySet<ResourceType> OnDemand { get; set; } = FrozenSet<ResourceType>.Empty;

    /// <summary>
    /// Whether clients are told of names that they ask for and that are not there (<c>resource_errors</c>, xDS proposal TP3). A client that does not know
    /// the field passes it over, but one of state of the world then gets responses without resources.
    /// </summary>
    public bool ResourceErrors { get; set; }

    /// <summary>How often nodes report their loads.</summary>
    public TimeSpan LoadReportingInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries of access logs (requests with their clients) that are read a second, of one peer and in all.</summary>
    public int ClientEntriesPerSecondOfPeer { get; set; } = 20_000;

    public int ClientEntriesPerSecond { get; set; } = 100_000;

    /// <summary>Ranges of clients that are told of each cluster, beside all others as one.</summary>
    public int MostClientRanges { get; set; } = 32;

    /// <summary>Largest message of an access log: a node sends when it has 64 KB, and one entry more may be as long as the headers of a request.</summary>
    public int MaxClientReportBytes { get; set; } = 512 * 1024;

    /// <summary>How far apart two versions begin at the least on a stream of collections.</summary>
    public TimeSpan CollectionSyncInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long a node may stay connected before it is asked to connect anew, less up to a fifth by chance; null: for ever. For several replicas
    /// behind one address, among which nodes spread anew when one comes.
    /// </summary>
    public TimeSpan? MaxConnectionAge { get; set; }

    /// <summary>How long a stream may be open before its first request.</summary>
    public TimeSpan FirstRequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a write may wait for a client that does not read.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Streams and calls at one time, in all and of one peer (an address, and with mutual TLS its certificate's name).</summary>
    public int MostStreams { get; set; } = 20_000;

    public int MostStreamsPerPeer { get; set; } = 1_000;

    /// <summary>New streams and calls: so many a second, and so many at once; as many again may wait.</summary>
    public int StreamsPerSecond { get; set; } = 1_000;

    public int StreamBurst { get; set; } = 2_000;
}
