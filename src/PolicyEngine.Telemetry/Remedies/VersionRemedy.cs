using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Playbooks;
using PolicyEngine.Policies.TrafficSplits;
using PolicyEngine.Telemetry.Detecting;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>
/// Takes requests from a version: over each split that sends to it a second one is laid, with a higher priority and an end, so that what people wrote
/// stays as it is and holds again when the remedy is over.
/// </summary>
internal static class VersionRemedy
{
    public static Attempt Of(Finding finding, PlaybookSpec playbook, PolicySet policies, ServiceCatalog catalog)
    {
        var (service, version) = (finding.Subject.Service, finding.Subject.Version);
        if (version is null) return Attempt.No($"it is of no single version: {finding.Subject}");
        var view = new SplitView(policies, catalog);
        if (view.Pinning(service, version).FirstOrDefault() is { } route) return Attempt.No($"{route.Id} itself names {version} of {service}");
        var sending = view.Sending(service, version).ToList();
        if (view.DefaultVersion(service) == version && !view.IsWhollySplit(service)) return Attempt.No($"{version} is the default version of {service}, and no split of the whole service stands that could be shifted");
        if (sending.Count == 0) return Attempt.No($"no split stands that sends requests to {version} of {service}");
        var share = sending.Select(d => (TrafficSplitSpec)d.Spec).Where(s => s.Target.Matches.IsEmpty).Select(s => view.WeightOf(s, service, version)).DefaultIfEmpty(Percentage.Zero).Max();
        if (playbook.AtMostShare is { } most && share.CompareTo(most) > 0) return Attempt.No($"{version} has {share} of {service}, more than {most}");
        if (playbook.Eject is { } eject && share.CompareTo(eject.AtMostShare) > 0) return Attempt.No($"{version} has {share} of {service}; more than {eject.AtMostShare} is not taken out");
        var documents = ImmutableArray.CreateBuilder<Document>();
        foreach (var standing in sending)
        {
            var spec = (TrafficSplitSpec)standing.Spec;
            if (spec.Priority >= 1000) return Attempt.No($"{standing.Id} has the highest priority, so nothing can be laid over it");
            var backends = playbook.ShiftWeight is { } shift ? Shifted(spec, view, service, version, Stable(finding, spec, view), shift.Leave) : Ejected(spec, view, service, version);
            if (backends is not { } changed) return Attempt.No($"nothing else of {service} could take the requests of {standing.Id}");
            documents.Add(Document.Of(Overlay.NameOf(standing), spec with { Priority = spec.Priority + 1, Backends = changed }));
        }
        return new Attempt(documents.ToImmutable(), playbook.ShiftWeight is { Leave: var leave }
            ? $"{version} of {service} keeps {leave} of the requests, the stable version takes the others"
            : $"{version} of {service} is taken out, its siblings share its requests");
    }

    /// <summary>The sibling that was seen not to fail, else the default version, else the one with the greatest share.</summary>
    private static string? Stable(Finding finding, TrafficSplitSpec split, SplitView view)
    {
        var (service, failing) = (finding.Subject.Service, finding.Subject.Version!);
        if (finding.Stable is { } seen && seen != failing) return seen;
        if (view.DefaultVersion(service) is { } standard && standard != failing) return standard;
        return split.Backends.Where(b => (b.Service ?? view.ServiceOf(split)) == service && b.Version != failing).OrderByDescending(b => b.Weight).ThenBy(b => b.Version, StringComparer.Ordinal).FirstOrDefault()?.Version;
    }

    private static ImmutableArray<SplitBackend>? Shifted(TrafficSplitSpec split, SplitView view, string service, string failing, string? stable, Percentage leave)
    {
        if (stable is null) return null;
        var had = view.WeightOf(split, service, failing).Millionths;
        var kept = Math.Min(had, leave.Millionths);
        var backends = split.Backends.Select(b => view.Is(split, b, service, failing) ? b with { Weight = Percentage.FromMillionths(kept) } : b).ToList();
        var to = backends.FindIndex(b => view.Is(split, b, service, stable));
        if (to < 0) backends.Add(new SplitBackend { Service = view.ServiceOf(split) == service ? null : service, Version = stable, Weight = Percentage.FromMillionths(had - kept) });
        else backends[to] = backends[to] with { Weight = Percentage.FromMillionths(backends[to].Weight.Millionths + had - kept) };
        return [.. backends];
    }

    private static ImmutableArray<SplitBackend>? Ejected(TrafficSplitSpec split, SplitView view, string service, string failing)
    {
        var others = split.Backends.Where(b => !view.Is(split, b, service, failing) && b.Weight.Millionths > 0).ToList();
        long whole = others.Sum(b => (long)b.Weight.Millionths);
        if (whole == 0) return null;
        var weights = others.Select(b => (int)(b.Weight.Millionths * (long)Percentage.Whole / whole)).ToArray();
        // What rounding left over goes to the first of the greatest.
        weights[Array.IndexOf(weights, weights.Max())] += Percentage.Whole - weights.Sum();
        return [.. others.Select((b, i) => b with { Weight = Percentage.FromMillionths(weights[i]) })];
    }
}
