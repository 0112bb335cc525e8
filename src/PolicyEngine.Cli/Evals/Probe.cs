using System.Collections.Immutable;
using System.Net;

namespace PolicyEngine.Cli.Evals;

/// <summary>The parts of a request beside host, path and method that a match may look at.</summary>
internal sealed record Features
{
    public static readonly Features None = new();

    /// <summary>By lower-case name.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Query { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Cookies { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>One text for equal features.</summary>
    public string Key { get => field ??= Text(Headers, " with ", ": ") + Text(Query, " with query ", "=") + Text(Cookies, " with cookie ", "="); private init; }

    public Features With(Features more) => new() { Headers = Headers.SetItems(more.Headers), Query = Query.SetItems(more.Query), Cookies = Cookies.SetItems(more.Cookies) };

    private static string Text(IEnumerable<KeyValuePair<string, string>> values, string before, string sign) => string.Concat(values.Select(v => before + v.Key + sign + v.Value));
}

/// <summary>A request to ask both the old and the new configuration about.</summary>
/// <param name="Table">The route table (the listener) that it comes in by.</param>
internal sealed record Probe(string Fleet, string Table, string Host, string Path, string Method, Features Features, IPAddress From)
{
    public override string ToString() => $"{Method} {Host}{Path}{Features.Key} from {From} ({Fleet})";
}
