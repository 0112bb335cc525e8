using System.Globalization;
using System.Net;
using PolicyEngine.Engine;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models;
using PolicyEngine.Telemetry.Prometheus;

namespace PolicyEngine.Server;

/// <summary>What the server is started with: command line (<c>--http-port</c>), or environment (<c>POLICYENGINE_HTTP_PORT</c>).</summary>
public sealed class ServerOptions
{
    public const int DefaultHttpPort = 8080;
    public const int DefaultXdsPort = 18000;

    /// <summary>SQLite file.</summary>
    public string Store { get; set; } = Path.Combine(".policyengine", "policyengine.db");

    /// <summary>Folder of catalog documents; the sample shop's, if neither is named.</summary>
    public string? Catalog { get; set; }

    /// <summary>Folder of the policies of a first start.</summary>
    public string? Policies { get; set; }

    /// <summary>File that says who must approve what; as delivered (one approver), if not given.</summary>
    public string? Approval { get; set; }

    /// <summary>Folder of playbooks; none, if not given: then findings are shown, and nothing is proposed.</summary>
    public string? Playbooks { get; set; }

    /// <summary>A Prometheus that scrapes the Envoys, if there is one.</summary>
    public PrometheusOptions? Prometheus { get; private set; }

    /// <summary>Folder of the files that secrets name; none, if not given.</summary>
    public string? Secrets { get; set; }

    public string Address { get; set; } = "127.0.0.1";

    /// <summary>REST and console; 0 for any free port.</summary>
    public int HttpPort { get; set; } = DefaultHttpPort;

    public int XdsPort { get; set; } = DefaultXdsPort;

    /// <summary>Discovery by REST for clients that speak HTTP/1.1 only; none, if not given.</summary>
    public int? RestPort { get; private set; }

    /// <summary>Certificate and key (PEM) of all ports, and the authority that signed the certificates of nodes.</summary>
    public string? TlsCert { get; set; }

    public string? TlsKey { get; set; }

    public string? TlsClientCa { get; set; }

    /// <summary>Streams of nodes at one time, in all and from one address.</summary>
    public int MaxStreams { get; set; } = 20_000;

    public int MaxStreamsPerPeer { get; set; } = 1_000;

    /// <summary>How long a node stays connected before it is asked to connect anew; null for ever.</summary>
    public TimeSpan? ConnectionAge { get; private set; }

    /// <summary>Tells nodes of names that are not there (<c>resource_errors</c>).</summary>
    public bool XdsResourceErrors { get; set; }

    /// <summary><c>embedded</c>, or <c>model</c>.</summary>
    public string Planner { get; set; } = "embedded";

    /// <summary>Which model, by option name (see <see cref="PlannerChoice.OptionNames"/>).</summary>
    public Func<string, string?> Model { get; private set; } = _ => null;

    /// <summary>Replaces the admin token, and prints the new one.</summary>
    public bool NewToken { get; set; }

    /// <summary>Command line switches (<c>--http-port</c>) to the names of options.</summary>
    public static Dictionary<string, string> Switches { get; } =
        Names.ToDictionary(n => "--" + n, Key, StringComparer.Ordinal);

    /// <summary>The same options from the environment: <c>POLICYENGINE_HTTP_PORT</c>.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> OfEnvironment() =>
        from name in Names let value = Environment.GetEnvironmentVariable(PlannerChoice.Variable(name)) where value is not null select KeyValuePair.Create(Key(name), (string?)value);

    private static IEnumerable<string> Names => new[] { "store", "catalog", "policies", "approval", "playbooks", "prometheus-url", "address", "http-port", "xds-port", "xds-rest-port", "xds-resource-errors", "tls-cert", "tls-key", "tls-client-ca", "secrets", "max-streams", "max-streams-per-peer", "max-connection-age", "new-token", "planner" }.Concat(PlannerChoice.OptionNames);

    private static string Key(string name) => string.Concat(name.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    /// <summary>Where neither catalog nor policies are named, everything is the sample shop's.</summary>
    public void FillIn()
    {
        var shop = Catalog is null && Policies is null ? SampleShop.Find() : null;
        Catalog ??= shop is null ? throw new InvalidOperationException("name a catalog: --catalog DIR") : Path.Combine(shop, "catalog");
        Policies ??= shop is null ? null : Path.Combine(shop, "policies");
        Playbooks ??= shop is null ? null : Path.Combine(Path.GetDirectoryName(shop)!, "playbooks");
        Approval ??= shop is null ? null : Path.Combine(Path.GetDirectoryName(shop)!, "approval.yaml");
    }

    public static ServerOptions From(IConfiguration configuration)
    {
        var options = configuration.Get<ServerOptions>() ?? new ServerOptions();
        if (configuration[Key("prometheus-url")] is { Length: > 0 } prometheus)
        {
            options.Prometheus = new PrometheusOptions { Address = Uri.TryCreate(prometheus, UriKind.Absolute, out var url) ? url : throw new InvalidOperationException($"--prometheus-url {prometheus}: not a URL") };
            options.Prometheus.Check();
        }
        options.Model = name => configuration[Key(name)];
        if (!IPAddress.TryParse(options.Address, out var address)) throw new InvalidOperationException($"--address {options.Address}: not an IP address");
        if ((options.TlsCert is null) != (options.TlsKey is null)) throw new InvalidOperationException("--tls-cert and --tls-key go together");
        if (options.TlsClientCa is not null && options.TlsCert is null) throw new InvalidOperationException("--tls-client-ca needs --tls-cert and --tls-key");
        // What leaves the machine needs TLS, and nodes that are known by their certificates.
        if (!IPAddress.IsLoopback(address) && options.TlsClientCa is null)
            throw new InvalidOperationException($"--address {options.Address}: beyond loopback, only with TLS on both sides: give --tls-cert, --tls-key and --tls-client-ca");
        if (configuration[Key("xds-rest-port")] is { Length: > 0 } rest)
        {
            options.RestPort = ushort.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new InvalidOperationException($"--xds-rest-port {rest}: a port, or 0 for any free one");
            if (port != 0 && (port == options.XdsPort || port == options.HttpPort)) throw new InvalidOperationException($"--xds-rest-port {rest}: a port of its own, beside --http-port and --xds-port");
        }
        if (configuration[Key("max-connection-age")] is { Length: > 0 } age)
            options.ConnectionAge = Duration.TryParse(age, out var parsed) && parsed > TimeSpan.Zero ? parsed : throw new InvalidOperationException($"--max-connection-age {age}: a duration, as 30m or 12h");
        if (options.MaxStreams < 1 || options.MaxStreamsPerPeer < 1) throw new InvalidOperationException("--max-streams and --max-streams-per-peer: at least 1");
        return options;
    }
}
