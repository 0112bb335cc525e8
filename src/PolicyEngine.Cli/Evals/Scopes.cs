using System.Collections.Immutable;
using System.IO.Enumeration;

namespace PolicyEngine.Cli.Evals;

/// <summary>Which requests an expectation speaks of.</summary>
internal static class Scopes
{
    public static bool Covers(Effect effect, Probe probe, ImmutableArray<string> services) =>
        In(effect, probe, services) && !effect.Unless.Any(u => In(u, probe, services));

    /// <summary>The upstream that a key of an effect names: <c>v2</c> of its service, or as written.</summary>
    public static string Upstream(string key, Effect effect) => effect.Service is { } service ? $"{service}.{key}" : key;

    private static bool In(RequestScope scope, Probe probe, ImmutableArray<string> services) =>
        (scope.Service is null || services.Contains(scope.Service))
        && (scope.Fleet is null || scope.Fleet == probe.Fleet)
        && (scope.Host is not { } host || FileSystemName.MatchesSimpleExpression(host, probe.Host))
        && (scope.Path.IsEmpty || scope.Path.Any(p => Matching.Below(probe.Path, p)))
        && (scope.Exact is null || scope.Exact == probe.Path)
        && (scope.Method.IsEmpty || scope.Method.Contains(probe.Method))
        && (scope.From.IsEmpty || scope.From.Any(c => c.Contains(probe.From)))
        && Has(scope.Header, probe.Features.Headers)
        && Has(scope.Query, probe.Features.Query)
        && Has(scope.Cookie, probe.Features.Cookies);

    private static bool Has(ImmutableSortedDictionary<string, string> wanted, ImmutableSortedDictionary<string, string> values) =>
        wanted.All(w => values.TryGetValue(w.Key, out var value) && FileSystemName.MatchesSimpleExpression(w.Value, value, ignoreCase: false));
}
