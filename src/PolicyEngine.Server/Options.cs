using System.Net;

namespace PolicyEngine.Server;

/// <summary>What the server is started with: command line (<c>--store</c>), or environment (<c>POLICYENGINE_STORE</c>).</summary>
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

    public string Address { get; set; } = "127.0.0.1";

    /// <summary>REST and console; 0 for any free port.</summary>
    public int HttpPort { get; set; } = DefaultHttpPort;

    public int XdsPort { get; set; } = DefaultXdsPort;

    /// <summary>Replaces the admin token, and prints the new one.</summary>
    public bool NewToken { get; set; }

    public static ServerOptions From(IConfiguration configuration)
    {
        var options = configuration.Get<ServerOptions>() ?? new ServerOptions();
        // What leaves the machine needs TLS and a checked identity on both sides; without them it stays at home.
        if (!IPAddress.TryParse(options.Address, out var address) || !IPAddress.IsLoopback(address))
            throw new InvalidOperationException($"--address {options.Address}: only loopback addresses can be served without TLS");
        return options;
    }
}
