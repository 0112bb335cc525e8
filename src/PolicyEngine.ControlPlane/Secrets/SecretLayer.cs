using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane.Live;
using PolicyEngine.Xds;

namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>
/// Lays over a snapshot the secrets that its own resources name, and no others: so a node gets those of its fleet. What is kept of one is the last
/// that could be used; a file that is half-written or broken takes nothing from anybody.
/// </summary>
public sealed class SecretLayer : ILiveLayer
{
    private static readonly ConditionalWeakTable<Snapshot, string[]> Named = [];

    private readonly Func<IEnumerable<SecretPlace>> _places;
    private readonly SecretFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<SecretLayer> _logger;
    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, HeldSecret> _held = ImmutableSortedDictionary<string, HeldSecret>.Empty.WithComparers(StringComparer.Ordinal);

    /// <param name="folder">Where files of secrets are; null where there are none.</param>
    /// <param name="places">The secrets of the catalog of the moment.</param>
    public SecretLayer(string? folder, Func<IEnumerable<SecretPlace>> places, TimeProvider time, ILogger<SecretLayer> logger) =>
        (_folder, _places, _time, _logger) = (new SecretFolder(folder), places, time, logger);

    public event Action? Changed;

    /// <summary>Of every secret of the catalog, by name.</summary>
    public ImmutableArray<SecretStatus> Statuses
    {
        get
        {
            var now = _time.GetUtcNow();
            lock (_gate)
            {
                Take(_places().Where(p => !_held.ContainsKey(p.Name)));
                return [.. _held.Values.Select(h => h.Status(now))];
            }
        }
    }

    public Snapshot Over(Snapshot snapshot)
    {
        var names = Named.GetValue(snapshot, NamesOf);
        if (names.Length == 0) return snapshot;
        lock (_gate)
        {
            if (!names.All(_held.ContainsKey)) Take(_places().Where(p => names.Contains(p.Name) && !_held.ContainsKey(p.Name)));
            return snapshot.With(ResourceType.Secret, names.Select(n => _held.GetValueOrDefault(n)?.Material?.Resource).OfType<Resource>());
        }
    }

    /// <summary>Looks at all of them again, and says where nodes are to be given something else.</summary>
    public void Refresh()
    {
        bool moved;
        lock (_gate)
        {
            var (before, places) = (_held, _places().ToList());
            _held = _held.RemoveRange(_held.Keys.Except(places.Select(p => p.Name)));
            Take(places);
            moved = before.Count != _held.Count || before.Any(b => _held.GetValueOrDefault(b.Key)?.Material?.Resource != b.Value.Material?.Resource);
        }
        if (moved) Changed?.Invoke();
    }

    private static string[] NamesOf(Snapshot snapshot) =>
    [
        .. new[] { ResourceType.Listener, ResourceType.Cluster }.SelectMany(t => snapshot[t].Resources.Values).SelectMany(r => r.References.Value)
            .Where(r => r.Type == ResourceType.Secret).Select(r => r.Name).Distinct().Order(StringComparer.Ordinal),
    ];

    private void Take(IEnumerable<SecretPlace> places)
    {
        foreach (var place in places.ToList())
        {
            var before = _held.GetValueOrDefault(place.Name);
            var now = HeldSecret.Look(place, before, _folder, _time.GetUtcNow());
            _held = _held.SetItem(place.Name, now);
            if (now.Material is { Facts: { } facts } && now.Material != before?.Material) Log.SecretTaken(_logger, place.Name, facts.Subject, facts.Fingerprint, facts.NotAfter);
            if (now.Unusable is { } why && why != before?.Unusable) Log.SecretUnusable(_logger, place.Name, why, now.Material is null ? "nodes get nothing" : "nodes keep what was there before");
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(EventId = 11, EventName = "SecretTaken", Level = LogLevel.Information, Message = "Secret '{Name}' is now {Subject}, SHA-256 {Fingerprint}, until {NotAfter:u}")]
    public static partial void SecretTaken(ILogger logger, string name, string subject, string fingerprint, DateTimeOffset notAfter);

    [LoggerMessage(EventId = 12, EventName = "SecretUnusable", Level = LogLevel.Warning, Message = "Secret '{Name}' cannot be used as it is: {Why}; {Then}")]
    public static partial void SecretUnusable(ILogger logger, string name, string why, string then);
}
