using System.Collections.Immutable;
using System.Net;
using PolicyEngine.Ir;

namespace PolicyEngine.Cli.Evals;

/// <summary>
/// Values worth asking about: whatever a route, a rule or an expectation mentions, satisfied and not. A difference that no such value
/// shows lies outside everything that was said or planned.
/// </summary>
internal sealed class ProbeSources
{
    private static readonly string[] UsualMethods = ["GET", "POST", "DELETE"];
    private static readonly string[] UsualAddresses = ["8.8.4.4", "10.0.0.1", "2001:db8::1"];

    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal) { "/", "/elsewhere" };
    private readonly SortedSet<string> _methods = new(UsualMethods, StringComparer.Ordinal);
    private readonly SortedDictionary<string, Features> _features = new(StringComparer.Ordinal) { [""] = Features.None };
    private readonly SortedDictionary<string, IPAddress> _addresses = new(UsualAddresses.ToDictionary(a => a, IPAddress.Parse), StringComparer.Ordinal);
    private readonly SortedSet<string> _hosts = new(StringComparer.Ordinal);

    public IEnumerable<string> Paths => _paths;

    public IEnumerable<string> Methods => _methods;

    public IEnumerable<Features> FeatureSets => _features.Values;

    public IEnumerable<IPAddress> Addresses => _addresses.Values;

    public IEnumerable<string> Hosts => _hosts;

    public void Add(FleetIr fleet)
    {
        foreach (var host in fleet.RouteTables.SelectMany(t => t.Hosts))
        {
            foreach (var domain in host.Domains) AddHost(domain);
            foreach (var route in host.Routes) Add(route);
        }
    }

    public void Add(RequestScope scope)
    {
        foreach (var path in scope.Path.Concat(scope.Exact is { } exact ? [exact] : [])) AddPrefix(path);
        if (scope.Host is { } host) AddHost(host);
        _methods.UnionWith(scope.Method);
        foreach (var cidr in scope.From) Add(cidr);
        foreach (var filled in new[] { "", "x" })
            AddFeatures(new Features { Headers = Filled(scope.Header, filled), Query = Filled(scope.Query, filled), Cookies = Filled(scope.Cookie, filled) });
        if (scope is Effect effect)
            foreach (var unless in effect.Unless) Add(unless);
    }

    public void AddHost(string domain) => _hosts.Add(domain == "*" ? "any.test" : domain.Replace("*", "any", StringComparison.Ordinal));

    private void Add(Route route)
    {
        foreach (var path in route.Match.AlsoPaths.Prepend(route.Match.Path)) Add(path);
        _methods.UnionWith(route.Match.Methods);
        var all = Features.None;
        foreach (var header in route.Match.Headers) all = all.With(Alone(new Features { Headers = One(header) }));
        foreach (var query in route.Match.Query) all = all.With(Alone(new Features { Query = One(query) }));
        foreach (var cookie in route.Match.Cookies) all = all.With(Alone(new Features { Cookies = One(cookie) }));
        if (route.Match.IsGrpc) all = all.With(new Features { Headers = ImmutableSortedDictionary<string, string>.Empty.Add("content-type", "application/grpc") });
        AddFeatures(all);
        foreach (var rule in route.Traffic.Authorizations.SelectMany(a => a.Rules))
        {
            foreach (var cidr in rule.Cidrs) Add(cidr);
            foreach (var path in rule.Paths) Add(path);
            _methods.UnionWith(rule.Methods);
            AddFeatures(rule.Headers.Aggregate(Features.None, (f, h) => f.With(Alone(new Features { Headers = One(h) }))));
        }
    }

    private Features Alone(Features features)
    {
        AddFeatures(features);
        return features;
    }

    private void AddFeatures(Features features) => _features.TryAdd(features.Key, features);

    private void Add(PathMatch path)
    {
        if (path.Kind is PathMatchKind.Exact or PathMatchKind.Prefix) AddPrefix(path.Value);
        else if (path.Kind == PathMatchKind.Template) AddPrefix(path.Value.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("*", "any", StringComparison.Ordinal));
    }

    /// <summary>The path, one below it, and one that only begins like it.</summary>
    private void AddPrefix(string path)
    {
        _paths.Add(path);
        _paths.Add(path.TrimEnd('/') + "/x");
        if (path.Length > 1) _paths.Add(path.TrimEnd('/') + "zz");
    }

    /// <summary>The first address of the range, the last one before it and the first one after.</summary>
    private void Add(Cidr cidr)
    {
        var first = IPAddress.Parse(cidr.Address).GetAddressBytes();
        Add(new IPAddress(first));
        Add(Moved(first, -1, 8 * first.Length));
        Add(Moved(first, 1, cidr.PrefixLength));
    }

    private void Add(IPAddress? address)
    {
        if (address is not null) _addresses.TryAdd(address.ToString(), address);
    }

    /// <summary>The address one step of the given bit further; null beyond either end.</summary>
    private static IPAddress? Moved(byte[] address, int step, int bit)
    {
        var bytes = (byte[])address.Clone();
        for (var i = (bit - 1) / 8; bit > 0 && i >= 0; i--)
        {
            var sum = bytes[i] + step * (i == (bit - 1) / 8 ? 1 << (7 - (bit - 1) % 8) : 1);
            bytes[i] = (byte)sum;
            if (sum is >= 0 and <= 255) return new IPAddress(bytes);
        }
        return null;
    }

    private static ImmutableSortedDictionary<string, string> One(NamedMatch match) => match.Kind switch
    {
        StringMatchKind.Present or StringMatchKind.Regex => ImmutableSortedDictionary<string, string>.Empty.Add(match.Name, "1"),
        _ => ImmutableSortedDictionary<string, string>.Empty.Add(match.Name, match.Value),
    };

    private static ImmutableSortedDictionary<string, string> Filled(ImmutableSortedDictionary<string, string> values, string any) =>
        values.ToImmutableSortedDictionary(v => v.Key, v => v.Value == "*" ? "1" : v.Value.Replace("*", any, StringComparison.Ordinal));
}
