using System.Collections.Immutable;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.TrafficSplits;
using PolicyEngine.Telemetry.Samples;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>Which versions are meant to get requests, by what stands: for <c>Detection.Expect</c>.</summary>
public static class ServingVersions
{
    public static ImmutableHashSet<VersionKey> Of(PolicySet policies, ServiceCatalog catalog)
    {
        var view = new SplitView(policies, catalog);
        var serving = ImmutableHashSet.CreateBuilder<VersionKey>();
        foreach (var document in view.Splits)
            if (document.Spec is TrafficSplitSpec split && view.ServiceOf(split) is { } service)
                foreach (var backend in split.Backends.Where(b => b.Weight.Millionths > 0)) serving.Add(new VersionKey(backend.Service ?? service, backend.Version));
        foreach (var service in catalog.Services.Keys)
            if (!view.IsWhollySplit(service) && view.DefaultVersion(service) is { } version) serving.Add(new VersionKey(service, version));
        foreach (var route in policies.Of(Kinds.Route))
            foreach (var backend in ((RouteSpec)route.Spec).Backends)
                if (backend.Version is { } pinned && backend.Weight?.Millionths != 0) serving.Add(new VersionKey(backend.Service, pinned));
        return serving.ToImmutable();
    }
}
