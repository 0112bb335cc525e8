using System.Collections.Immutable;
using System.Net;
using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Cli.Evals;

/// <summary>
/// Whether a policy set does what was expected and nothing else: every request worth asking about is asked of what stood before and of what
/// would stand, and each difference must be one that an effect speaks of.
/// </summary>
internal sealed class EffectCheck
{
    private const int MostMismatches = 5;

    private readonly IReadOnlyList<FleetIr> _before;
    private readonly IReadOnlyList<FleetIr> _after;
    private readonly ImmutableArray<Effect> _effects;
    private readonly ProbeSources _sources = new();
    private readonly HashSet<Effect> _shown = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> _mismatches = [];

    private EffectCheck(IReadOnlyList<FleetIr> before, IReadOnlyList<FleetIr> after, ServiceCatalog catalog, ImmutableArray<Effect> effects)
    {
        (_before, _after, _effects) = (before, after, effects);
        foreach (var fleet in before.Concat(after)) _sources.Add(fleet);
        foreach (var effect in effects) _sources.Add(effect);
        foreach (var name in catalog.Gateways.Values.SelectMany(g => g.Listeners).SelectMany(l => l.Hostnames)) _sources.AddHost(name);
    }

    /// <summary>What is not as expected, request by request; empty where all is right. At most a few are told.</summary>
    public static IReadOnlyList<string> Mismatches(IReadOnlyList<FleetIr> before, IReadOnlyList<FleetIr> after, ServiceCatalog catalog, ImmutableArray<Effect> effects) =>
        new EffectCheck(before, after, catalog, effects).Run();

    private List<string> Run()
    {
        foreach (var (old, now) in _before.Zip(_after))
            foreach (var (oldTable, table) in old.RouteTables.Zip(now.RouteTables))
                foreach (var host in Hosts(old, oldTable))
                    foreach (var path in _sources.Paths)
                    {
                        if (_mismatches.Count >= MostMismatches) return _mismatches;
                        Ask(old, now, oldTable, table, host, path);
                    }
        foreach (var effect in _effects)
            if (!_shown.Contains(effect)) _mismatches.Add("no request is one that the expectation speaks of");
        return _mismatches;
    }

    /// <summary>gRPC clients dial a service by name; no host of a gateway reaches them.</summary>
    private IEnumerable<string> Hosts(FleetIr fleet, RouteTable table) => fleet.Role == FleetRole.Proxyless ? [$"xds:///{table.Name}"] : _sources.Hosts;

    private void Ask(FleetIr old, FleetIr now, RouteTable oldTable, RouteTable table, string host, string path)
    {
        if (Matching.Host(oldTable, host) is null && Matching.Host(table, host) is null) return;
        foreach (var method in _sources.Methods)
            foreach (var features in _sources.FeatureSets)
            {
                var before = Verdict.Of(old, Matching.Route(oldTable, host, path, method, features));
                var after = Verdict.Of(now, Matching.Route(table, host, path, method, features));
                // Where nothing is or was on the way, no address makes a difference.
                var addresses = before.Authorizations.IsEmpty && after.Authorizations.IsEmpty && !_effects.Any(e => e.Access is not null || e.Shadow is not null || !e.From.IsEmpty)
                    ? _sources.Addresses.Take(1) : _sources.Addresses;
                foreach (var from in addresses) Judge(new Probe(old.Name, table.Name, host, path, method, features, from), before, after);
            }
    }

    private void Judge(Probe probe, Verdict before, Verdict after)
    {
        var covering = _effects.Where(e => Scopes.Covers(e, probe, before.Services)).ToList();
        // Nothing can be said of a request that there is no route for, but that there should be one.
        if (before.Route is null && covering.TrueForAll(e => Expectations.Of(e, Aspect.Route, before) is null or Verdict.Missing))
        {
            if (after.Route is not null) Mismatch(probe, Aspect.Route, Verdict.Missing, after[Aspect.Route]);
            return;
        }
        _shown.UnionWith(covering);
        var reference = Reference(before, covering);
        foreach (var aspect in Verdict.OfRoute)
        {
            var expected = covering.Select(e => Expectations.Of(e, aspect, before)).LastOrDefault(e => e is not null);
            if (expected is null && aspect != Aspect.Route && reference is null) continue;
            expected ??= (reference ?? before)[aspect];
            if (!Expectations.Holds(expected, after[aspect])) Mismatch(probe, aspect, expected, after[aspect]);
        }
        Judge(probe, Aspect.Access, covering.LastOrDefault(e => e.Access is not null)?.Access ?? Matching.Access((reference ?? before).Authorizations, probe, false), Matching.Access(after.Authorizations, probe, false));
        Judge(probe, Aspect.Shadow, covering.LastOrDefault(e => e.Shadow is not null)?.Shadow ?? Matching.Access((reference ?? before).Authorizations, probe, true), Matching.Access(after.Authorizations, probe, true));
    }

    private void Judge(Probe probe, Aspect aspect, Access expected, Access actual)
    {
        if (expected != actual) Mismatch(probe, aspect, expected.ToString(), actual.ToString());
    }

    /// <summary>
    /// What the aspects that no effect speaks of should be: as before; where the request is to go to another service, as that service's
    /// other requests; null (free) where it is to be answered at once or not at all.
    /// </summary>
    private Verdict? Reference(Verdict before, List<Effect> covering)
    {
        if (covering.FindLast(e => e.Redirect is not null || e.Respond is not null || e.None.Contains("route")) is not null) return null;
        if (covering.FindLast(e => !e.To.IsEmpty) is not { } routed) return before;
        var services = routed.To.Keys.Select(k => Scopes.Upstream(k, routed)).Select(u => u[..u.IndexOf('.')]).Distinct().ToList();
        if (services.TrueForAll(s => before.Services.Contains(s))) return before;
        return (from fleet in _before
                from route in fleet.RouteTables.SelectMany(t => t.Hosts).SelectMany(h => h.Routes)
                let verdict = Verdict.Of(fleet, route)
                where services.TrueForAll(s => verdict.Services.Contains(s)) && route.Match.Conditions == 0
                select verdict).FirstOrDefault() ?? Verdict.Of(_before[0], null);
    }

    private void Mismatch(Probe probe, Aspect aspect, string expected, string actual)
    {
        if (_mismatches.Count < MostMismatches) _mismatches.Add($"{probe}: {aspect.ToString().ToLowerInvariant()} should be {expected}, is {actual}");
    }
}
