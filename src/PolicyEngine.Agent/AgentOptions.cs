using System.Collections.Immutable;
using System.Net;
using PolicyEngine.Agent.Upstream;

namespace PolicyEngine.Agent;

/// <summary>Where an agent gets its snapshots, where it keeps the last one, and whom it serves.</summary>
public sealed record AgentOptions
{
    /// <summary>Largest collection, in bytes on the wire.</summary>
    public const int DefaultMaxCollectionBytes = 64 * 1024 * 1024;

    /// <summary>Where the control plane listens for nodes.</summary>
    public required Uri Server { get; init; }

    /// <summary>The agent's own name, as the server lists it.</summary>
    public required string Node { get; init; }

    /// <summary>Chooses the fleet, and the Envoys that are served: those of the same cluster.</summary>
    public required string Cluster { get; init; }

    /// <summary>More for the fleet's node selector to go by.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Where Envoys connect; port 0 for any that is free.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Folder of the last good snapshot.</summary>
    public required string Data { get; init; }

    /// <summary>By what the agent and the server know each other; null where the system's authorities do for the server, and the agent shows nothing.</summary>
    public UpstreamTls? Tls { get; private init; }

    public int MaxCollectionBytes { get; init; } = DefaultMaxCollectionBytes;

    /// <summary>Reads the texts of a command line. Throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public static AgentOptions Parse(string server, string node, string cluster, IEnumerable<string> metadata, string listen, string data) => new()
    {
        Server = ServerOf(server),
        Node = Named("--node", node),
        Cluster = Named("--cluster", cluster),
        Metadata = MetadataOf(metadata),
        Listen = ListenOf(listen),
        Data = data.Length > 0 ? data : throw new ArgumentException("--data: name a folder"),
    };

    /// <summary>The same with PEM files for TLS, all or none. Throws <see cref="ArgumentException"/> with what is wrong.</summary>
    public AgentOptions WithTls(string? authority, string? certificate, string? key)
    {
        if (authority is null && certificate is null && key is null) return this;
        if (authority is null || certificate is null || key is null) throw new ArgumentException("--tls-ca, --tls-cert and --tls-key go together: agents and control plane know each other by their certificates");
        if (Server.Scheme != "https") throw new ArgumentException($"--server {Server}: with certificates, write https://");
        return this with { Tls = new UpstreamTls(authority, certificate, key) };
    }

    private static Uri ServerOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            throw new ArgumentException($"--server {text}: write a URL, as http://127.0.0.1:18000");
        if (url.PathAndQuery != "/") throw new ArgumentException($"--server {text}: write it without a path, as {url.GetLeftPart(UriPartial.Authority)}");
        if (url.Scheme == "http" && !url.IsLoopback) throw new ArgumentException($"--server {text}: only loopback addresses can be used without TLS; write https://, or bring the server's port here through a tunnel");
        return url;
    }

    private static IPEndPoint ListenOf(string text)
    {
        // "127.0.0.1" alone would be an end point with port 0, "18001" an address.
        if (!text.Contains(':', StringComparison.Ordinal) || !IPEndPoint.TryParse(text, out var end)) throw new ArgumentException($"--listen {text}: write ADDRESS:PORT, as 127.0.0.1:18001");
        return IPAddress.IsLoopback(end.Address) ? end : throw new ArgumentException($"--listen {text}: only loopback addresses can be served without TLS");
    }

    private static string Named(string option, string text) => text.Length is > 0 and <= 253 ? text : throw new ArgumentException($"{option}: between 1 and 253 characters are needed");

    private static ImmutableSortedDictionary<string, string> MetadataOf(IEnumerable<string> texts)
    {
        var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } key, var value]) throw new ArgumentException($"--metadata {text}: write KEY=VALUE");
            metadata[key] = value;
        }
        return metadata.ToImmutable();
    }
}
