using System.Text;
using PolicyEngine.Ir;

namespace PolicyEngine.Compiler.Matching;

/// <summary>A match as one line of text: equal exactly where the matches are.</summary>
public static class MatchKey
{
    public static string Of(RouteMatch match)
    {
        var text = new StringBuilder();
        foreach (var path in match.AlsoPaths.Prepend(match.Path)) text.Append(path.Kind).Append(' ').Append(path.Value).Append('\n');
        text.AppendJoin(',', match.Methods).Append('\n');
        Append(text, 'h', match.Headers);
        Append(text, 'q', match.Query);
        Append(text, 'c', match.Cookies);
        if (match.IsGrpc) text.Append("grpc");
        return text.ToString();
    }

    private static void Append(StringBuilder text, char group, IEnumerable<NamedMatch> matches)
    {
        foreach (var m in matches)
            text.Append(group).Append(m.Invert ? '!' : ' ').Append(m.Name).Append(' ').Append(m.Kind).Append(' ').Append(m.Value).Append('\n');
    }
}
