using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// When the client must hear again of the resources of a type that have a time to live: after half of it, so that a message which is late by
/// the other half is still in time.
/// </summary>
internal sealed class Heartbeats
{
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);

    public DateTimeOffset? Next => _due.Count == 0 ? null : _due.Values.Min();

    public IReadOnlyList<string> Due(DateTimeOffset now) => [.. _due.Where(d => d.Value <= now).Select(d => d.Key).Order(StringComparer.Ordinal)];

    /// <summary>The client was told of them; those without an end are left alone from now on.</summary>
    public void Told(IEnumerable<Resource> resources, DateTimeOffset now)
    {
        foreach (var resource in resources)
        {
            if (resource.Ttl is { } ttl) _due[resource.Name] = now + ttl / 2;
            else _due.Remove(resource.Name);
        }
    }

    /// <summary>The client has them from another stream, for who knows how long.</summary>
    public void Unsure(string name, DateTimeOffset now) => _due[name] = now;

    public void Forget(string name) => _due.Remove(name);
}
