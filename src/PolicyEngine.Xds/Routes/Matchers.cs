using Envoy.Config.Core.V3;
using Envoy.Extensions.Path.Match.UriTemplate.V3;
using Envoy.Type.Matcher.V3;
using PolicyEngine.Ir;
using EnvoyHeaderMatcher = Envoy.Config.Route.V3.HeaderMatcher;

namespace PolicyEngine.Xds.Routes;

/// <summary>Conditions of the IR as Envoy's matchers.</summary>
internal static class Matchers
{
    public static EnvoyHeaderMatcher Header(NamedMatch match)
    {
        var matcher = new EnvoyHeaderMatcher { Name = match.Name };
        if (match.Kind == StringMatchKind.Present)
        {
            // present_match: false says "absent" by itself.
            matcher.PresentMatch = !match.Invert;
            return matcher;
        }
        matcher.StringMatch = Text(match);
        matcher.InvertMatch = match.Invert;
        // "Not equal" holds of a header that is not there, too.
        matcher.TreatMissingHeaderAsEmpty = match.Invert;
        return matcher;
    }

    /// <summary>Any of the methods.</summary>
    public static EnvoyHeaderMatcher Method(IReadOnlyList<string> methods) => new()
    {
        Name = ":method",
        StringMatch = methods is [var only] ? new StringMatcher { Exact = only } : new StringMatcher { SafeRegex = new RegexMatcher { Regex = string.Join('|', methods) } },
    };

    public static StringMatcher Text(NamedMatch match) => match.Kind switch
    {
        StringMatchKind.Exact => new StringMatcher { Exact = match.Value },
        StringMatchKind.Prefix => new StringMatcher { Prefix = match.Value },
        StringMatchKind.Suffix => new StringMatcher { Suffix = match.Value },
        StringMatchKind.Contains => new StringMatcher { Contains = match.Value },
        _ => new StringMatcher { SafeRegex = new RegexMatcher { Regex = match.Value } },
    };

    public static TypedExtensionConfig Template(string template) => new()
    {
        Name = "envoy.path.match.uri_template.uri_template_matcher",
        TypedConfig = Canonical.Pack(new UriTemplateMatchConfig { PathTemplate = template }),
    };

    /// <summary>A path as RE2 against the whole path: for places that know nothing else.</summary>
    public static string Regex(PathMatch path) => path.Kind switch
    {
        PathMatchKind.Exact => Escape(path.Value),
        PathMatchKind.Prefix => path.Value == "/" ? "/.*" : Escape(path.Value) + "(/.*)?",
        PathMatchKind.Template => string.Concat(path.Value.Split('/').Skip(1).Select(s => "/" + Segment(s))),
        _ => $"(?:{path.Value})",
    };

    private static string Segment(string segment) => segment switch
    {
        "**" => ".*",
        "*" => "[^/]+",
        _ when segment.StartsWith('{') => "[^/]+",
        _ => Escape(segment),
    };

    private static string Escape(string text) => System.Text.RegularExpressions.Regex.Escape(text).Replace("]", "\\]", StringComparison.Ordinal).Replace("}", "\\}", StringComparison.Ordinal);

}
