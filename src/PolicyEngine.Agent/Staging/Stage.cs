using System.Collections.Immutable;
using PolicyEngine.ControlPlane.Collections;
using PolicyEngine.Protos.Collections.V1;
using PolicyEngine.Xds;

namespace PolicyEngine.Agent.Staging;

/// <summary>A version that was whole: the server's name for it, and what it holds.</summary>
public sealed record AppliedVersion(string Version, Snapshot Snapshot);

/// <summary>What is to be done about a response.</summary>
public abstract record Verdict
{
    /// <summary>Nothing: it belongs to an earlier subscription, or to a version that was refused.</summary>
    public sealed record Ignored : Verdict;

    /// <summary>Staged; acknowledge it.</summary>
    public sealed record Staged : Verdict;

    /// <summary>The version is whole: apply it, then acknowledge it.</summary>
    public sealed record Whole(AppliedVersion Applied) : Verdict;

    /// <summary>Refuse it. <paramref name="StartOver"/>: it may be that this side and the server do not mean the same by what is held; a subscription that tells of nothing held settles it.</summary>
    public sealed record Refused(string Message, string Collection, bool StartOver) : Verdict;
}

/// <summary>
/// Collections are staged here until the completion of their version says that it has all of them, and proves it by their hashes. What was
/// applied before stays untouched until then. A value: every step gives the next one.
/// </summary>
public sealed record Stage
{
    private const int MostText = 256;

    /// <summary>What is applied; null before the first version.</summary>
    public AppliedVersion? Current { get; init; }

    /// <summary>How many subscriptions were sent on this stream.</summary>
    public ulong Subscription { get; private init; }

    /// <summary>Whether the server reckons with what is held here: it was told, or it saw a version acknowledged.</summary>
    private bool IsReckonedWith { get; init; }

    private string? Version { get; init; }

    private string? RefusedVersion { get; init; }

    private ImmutableDictionary<ResourceType, ResourceSet> Sets { get; init; } = ImmutableDictionary<ResourceType, ResourceSet>.Empty;

    /// <summary>A subscription is sent; whatever was staged is void.</summary>
    public Stage Subscribed(bool tellHeld) => new() { Current = Current, Subscription = Subscription + 1, IsReckonedWith = tellHeld && Current is not null };

    public (Stage Next, Verdict Verdict) Take(WatchResponse response)
    {
        if (response.Subscription != Subscription) return (this, new Verdict.Ignored());
        var version = response.KindCase switch
        {
            WatchResponse.KindOneofCase.Collection => response.Collection.Version,
            WatchResponse.KindOneofCase.Completion => response.Completion.Version,
            _ => "",
        };
        if (version == RefusedVersion) return (this, new Verdict.Ignored());
        if (!IsPlain(version)) return Refuse(version, "a response without a version, or with one that is no plain text", "", false);
        var here = version == Version ? this : this with { Version = version, Sets = Sets.Clear() };
        return response.KindCase == WatchResponse.KindOneofCase.Collection ? here.Put(response.Collection) : here.Complete(response.Completion);
    }

    private (Stage, Verdict) Put(Collection collection)
    {
        if (CollectionNames.Find(collection.Name) is not { } type) return Refuse(collection.Version, $"this agent knows no collection '{Bounded(collection.Name)}'", "", false);
        var before = Held(type);
        try
        {
            var resources = CollectionReader.Read(collection, type, before);
            return (this with { Sets = Sets.SetItem(type, ResourceSet.Of(type, resources, before)) }, new Verdict.Staged());
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return Refuse(collection.Version, e.Message, collection.Name, collection.Incremental && IsReckonedWith);
        }
    }

    private (Stage, Verdict) Complete(Completion completion)
    {
        if (!IsPlain(completion.Fleet)) return Refuse(completion.Version, "the version is of no fleet, or of one whose name is no plain text", "", false);
        var sets = new Dictionary<ResourceType, ResourceSet>();
        foreach (var state in completion.Collections)
        {
            if (CollectionNames.Find(state.Name) is not { } type) return Refuse(completion.Version, $"this agent knows no collection '{Bounded(state.Name)}'", "", false);
            var set = Sets.GetValueOrDefault(type) ?? Held(type) ?? ResourceSet.Of(type, []);
            if (set.Version.ToString() != state.Hash) return Refuse(completion.Version, $"what is here of {state.Name} is {set.Version.Short} and not {Bounded(state.Hash)}: it is not whole", state.Name, IsReckonedWith);
            sets[type] = set;
        }
        if (Sets.Keys.FirstOrDefault(t => !sets.ContainsKey(t)) is { } stray) return Refuse(completion.Version, $"{CollectionNames.Of(stray)} was sent and is not part of the version", CollectionNames.Of(stray), false);
        var snapshot = Snapshot.Of(completion.Fleet, sets.Values.SelectMany(s => s.Resources.Values), Current?.Snapshot);
        var applied = new AppliedVersion(completion.Version, snapshot);
        return (this with { Current = applied, IsReckonedWith = true, Version = null, Sets = Sets.Clear() }, new Verdict.Whole(applied));
    }

    private (Stage, Verdict) Refuse(string version, string message, string collection, bool startOver) =>
        (this with { Version = null, Sets = Sets.Clear(), RefusedVersion = version }, new Verdict.Refused(message, collection, startOver));

    /// <summary>What the server does not reckon with is not there for it: it may leave out what is empty.</summary>
    private ResourceSet? Held(ResourceType type) => IsReckonedWith ? Current?.Snapshot[type] : null;

    private static bool IsPlain(string text) => text.Length is > 0 and <= MostText && !text.Any(char.IsControl);

    private static string Bounded(string text) => text.Length <= MostText ? text : text[..MostText] + "…";
}
