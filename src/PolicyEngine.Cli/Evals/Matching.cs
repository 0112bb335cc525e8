using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;

namespace PolicyEngine.Cli.Evals;

/// <summary>What Envoy would decide about a request, read off the IR: which host, which route, whether it may pass.</summary>
internal static partial class Matching
{
    public static Route? Route(RouteTable table, string host, string path, string method, Features features) =>
        Host(table, host)?.Routes.FirstOrDefault(r => Matches(r.Match, path, method, features));

    /// <summary>The exact host, then the longest suffix, then any.</summary>
    public static VirtualHost? Host(RouteTable table, string host) => table.Hosts
        .SelectMany(h => h.Domains.Select(d => (Host: h, Domain: d)))
        .Where(h => h.Domain == "*" || h.Domain == host || h.Domain.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(h.Domain[1..], StringComparison.Ordinal) && host.Length > h.Domain.Length - 1)
        .OrderByDescending(h => h.Domain == host)
        .ThenByDescending(h => h.Domain.Length)
        .Select(h => h.Host)
        .FirstOrDefault();

    /// <summary>Deny for what an enforced rule refuses; with <paramref name="shadow"/>, for what one that only counts would.</summary>
    public static Access Access(ImmutableArray<Authorization> all, Probe probe, bool shadow)
    {
        var rules = all.Where(a => a.Shadow == shadow).ToList();
        var denied = rules.Exists(a => a.Effect == AuthorizationEffect.Deny && Any(a));
        var allows = rules.Where(a => a.Effect == AuthorizationEffect.Allow).ToList();
        return denied || allows.Count > 0 && !allows.Exists(Any) ? Evals.Access.Deny : Evals.Access.Allow;

        bool Any(Authorization a) => a.Rules.Any(r =>
            (r.Cidrs.IsEmpty || r.Cidrs.Any(c => c.Contains(probe.From)))
            && (r.Methods.IsEmpty || r.Methods.Contains(probe.Method))
            && (r.Paths.IsEmpty || r.Paths.Any(p => Matches(p, probe.Path)))
            && r.Headers.All(h => Matches(h, probe.Features.Headers)));
    }

    private static bool Matches(RouteMatch match, string path, string method, Features features) =>
        Matches(match.Path, path)
        && match.AlsoPaths.All(p => Matches(p, path))
        && (match.Methods.IsEmpty || match.Methods.Contains(method))
        && match.Headers.All(h => Matches(h, features.Headers))
        && match.Query.All(q => Matches(q, features.Query))
        && match.Cookies.All(c => Matches(c, features.Cookies))
        && (!match.IsGrpc || features.Headers.GetValueOrDefault("content-type")?.StartsWith("application/grpc", StringComparison.Ordinal) == true);

    public static bool Matches(PathMatch match, string path) => match.Kind switch
    {
        PathMatchKind.Exact => path == match.Value,
        PathMatchKind.Prefix => Below(path, match.Value),
        PathMatchKind.Template => Whole(Template(match.Value), path),
        _ => Whole(match.Value, path),
    };

    public static bool Below(string path, string prefix) =>
        prefix == "/" || path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || prefix.EndsWith('/') || path[prefix.Length] == '/');

    private static bool Matches(NamedMatch match, ImmutableSortedDictionary<string, string> values)
    {
        var there = values.TryGetValue(match.Name, out var value);
        if (match.Kind == StringMatchKind.Present) return there != match.Invert;
        if (!there && !match.Invert) return false;
        value ??= "";
        return match.Invert != match.Kind switch
        {
            StringMatchKind.Exact => value == match.Value,
            StringMatchKind.Prefix => value.StartsWith(match.Value, StringComparison.Ordinal),
            StringMatchKind.Suffix => value.EndsWith(match.Value, StringComparison.Ordinal),
            StringMatchKind.Contains => value.Contains(match.Value, StringComparison.Ordinal),
            _ => Whole(match.Value, value),
        };
    }

    // Linear time, as RE2: no pattern that a planner writes can hold the run up.
    private static bool Whole(string pattern, string text) => Regex.IsMatch(text, $"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static string Template(string template) =>
        Variable().Replace(Regex.Escape(template).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]+", StringComparison.Ordinal), "[^/]+");

    [GeneratedRegex(@"\\\{[a-z_]+\}")]
    private static partial Regex Variable();
}
