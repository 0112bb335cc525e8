using System.Text;
using PolicyEngine.Ir;

namespace PolicyEngine.Compiler.Matching;

/// <summary>A request that a match takes, in words: <c>POST shop.example.com/checkout/pay with x-beta: true</c>.</summary>
public static class Witness
{
    public static string Of(string host, RouteMatch match)
    {
        var text = new StringBuilder();
        text.Append(match.Methods.IsEmpty ? "GET" : match.Methods[0]).Append(' ');
        text.Append(host == "*" ? "any-host" : host.Replace("*", "any", StringComparison.Ordinal)).Append(Path(match.Path));
        foreach (var path in match.AlsoPaths) text.Append(" matching ").Append(path.Value);
        for (var i = 0; i < match.Query.Length; i++) text.Append(i == 0 ? '?' : '&').Append(match.Query[i].Name).Append('=').Append(match.Query[i].Value);
        foreach (var header in match.Headers) text.Append(" with ").Append(Described(header, ": "));
        foreach (var cookie in match.Cookies) text.Append(" with cookie ").Append(Described(cookie, "="));
        return text.ToString();
    }

    private static string Path(PathMatch path) => path.Kind switch
    {
        PathMatchKind.Template => path.Value.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace("*", "any", StringComparison.Ordinal),
        PathMatchKind.Regex => $" matching {path.Value}",
        _ => path.Value,
    };

    private static string Described(NamedMatch match, string sign) => (match.Kind, match.Invert) switch
    {
        (StringMatchKind.Present, false) => match.Name,
        (StringMatchKind.Present, true) => $"no {match.Name}",
        (StringMatchKind.Exact, false) => match.Name + sign + match.Value,
        (var kind, var invert) => $"{match.Name} {(invert ? "not " : "")}{kind.ToString().ToLowerInvariant()} {match.Value}",
    };
}
