using System.Collections.Immutable;
using System.Globalization;
using PolicyEngine.Ir;

namespace PolicyEngine.Cli.Evals;

/// <summary>What can be said of a request, each by itself.</summary>
internal enum Aspect { Route, Rewrite, Timeout, Idle, Connect, Retry, Limit, Mirror, Delay, Abort, Headers, Access, Shadow }

/// <summary>What becomes of a request, as text by aspect; <c>-</c> where nothing is said. Names of documents take no part.</summary>
internal sealed record Verdict
{
    public const string Nothing = "-";
    public const string Missing = "404, no route";

    /// <summary>Every aspect but <see cref="Aspect.Access"/> and <see cref="Aspect.Shadow"/>, which depend on the client's address.</summary>
    public static readonly ImmutableArray<Aspect> OfRoute = [.. Enum.GetValues<Aspect>().Where(a => a is not (Aspect.Access or Aspect.Shadow))];

    private readonly ImmutableArray<string> _texts;

    private Verdict(Route? route, IEnumerable<string> texts, ImmutableArray<string> services) => (Route, _texts, Services) = (route, [.. texts], services);

    public Route? Route { get; }

    /// <summary>The services that it may go to.</summary>
    public ImmutableArray<string> Services { get; }

    public string this[Aspect aspect] => _texts[(int)aspect];

    public ImmutableArray<Authorization> Authorizations => Route?.Traffic.Authorizations ?? [];

    public static Verdict Of(FleetIr fleet, Route? route)
    {
        var upstreams = (route?.Action as Forward)?.Upstreams.Where(u => u.Weight != Percentage.Zero).Select(u => u.Upstream).ToList() ?? [];
        var known = fleet.Upstreams.Where(u => upstreams.Contains(u.Name)).ToList();
        return new Verdict(route, OfRoute.Select(a => Text(route, a, known)), [.. known.Select(u => u.Service).Distinct()]);
    }

    private static string Text(Route? route, Aspect aspect, List<Upstream> upstreams)
    {
        if (route is null) return aspect == Aspect.Route ? Missing : Nothing;
        var traffic = route.Traffic;
        return aspect switch
        {
            Aspect.Route => Action(route.Action),
            Aspect.Rewrite => (route.Action as Forward)?.Rewrite is { } r ? Rewrite(r.Prefix, r.Path, r.Host) : Nothing,
            Aspect.Timeout => Time(traffic.Timeout?.Request?.Value),
            Aspect.Idle => Time(traffic.Timeout?.Idle?.Value),
            Aspect.Connect => upstreams.Select(u => Time(u.ConnectTimeout)).Distinct().DefaultIfEmpty(Nothing).Aggregate((a, b) => $"{a}, {b}"),
            Aspect.Retry => traffic.Retry is { } r ? $"{r.Attempts} on {Listed(r.On)} statuses {Listed(r.StatusCodes)} per try {Time(r.PerTryTimeout)} wait {Time(r.BackOffBase)} to {Time(r.BackOffMax)}" : Nothing,
            Aspect.Limit => Joined(traffic.RateLimits.Select(l => Limit(l.Requests, l.Window, l.Burst, Key(l.Key), l.Shadow))),
            Aspect.Mirror => Joined(traffic.Mirrors.Where(m => m.Share != Percentage.Zero).Select(m => $"{m.Upstream}={m.Share}")),
            Aspect.Delay => traffic.Fault?.Delay is { } d && d.Share != Percentage.Zero ? $"{Time(d.Duration)} of {d.Share}" : Nothing,
            Aspect.Abort => traffic.Fault?.Abort is { } a && a.Share != Percentage.Zero ? $"{Number(a.Status)} of {a.Share}" : Nothing,
            _ => Joined(traffic.Headers.Select(h => Header(h.Side, h.Operation, h.Name, h.Value))),
        };
    }

    public static string Action(RouteAction action) => action switch
    {
        Forward f => Joined(f.Upstreams.Where(u => u.Weight != Percentage.Zero).Select(u => $"{u.Upstream}={u.Weight}")),
        Redirect r => $"redirect {Number(r.Status)} {r.Scheme ?? Nothing} {r.Host ?? Nothing} {(r.Port is { } p ? Number(p) : Nothing)} {r.Path ?? Nothing}",
        DirectResponse d => $"answer {Number(d.Status)}",
        _ => action.ToString(),
    };

    public static string Rewrite(string? prefix, string? path, string? host) => $"prefix {prefix ?? Nothing} path {path ?? Nothing} host {host ?? Nothing}";

    public static string Limit(int requests, TimeSpan window, int burst, string key, bool shadow) =>
        $"[{key}] {Number(requests)} per {Duration.Format(window)} burst {Number(burst)}{(shadow ? " counted only" : "")}";

    public static string Key(RateLimitKey? key) => key?.Source switch
    {
        null => "all",
        RateLimitKeySource.ClientIp => "client-ip",
        RateLimitKeySource.ClientRange => "client-range",
        RateLimitKeySource.Path => "path",
        _ => $"header {key.Name}",
    };

    /// <summary>Set, add and append of an absent header come to the same; what differs is only told apart where a case needs it.</summary>
    public static string Header(HeaderSide side, HeaderOperation operation, string name, string value) =>
        $"{side.ToString().ToLowerInvariant()} {(operation == HeaderOperation.Remove ? "remove" : operation == HeaderOperation.Append ? "append" : "put")} {name}{(operation == HeaderOperation.Remove ? "" : $": {value}")}";

    public static string Time(TimeSpan? time) => time is { } t ? Duration.Format(t) : Nothing;

    /// <summary>In ordinal order, so that equal sets are equal texts.</summary>
    public static string Joined(IEnumerable<string> parts) => parts.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } list ? string.Join("; ", list) : Nothing;

    private static string Listed<T>(IEnumerable<T> items) => items.Select(i => Convert.ToString(i, CultureInfo.InvariantCulture)!).ToList() is { Count: > 0 } list ? string.Join(",", list) : Nothing;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
