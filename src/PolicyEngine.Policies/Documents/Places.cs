using System.Text.RegularExpressions;
using PolicyEngine.Ir;

namespace PolicyEngine.Policies.Documents;

/// <summary>Finds where a field path stands in a document as written.</summary>
internal static partial class Places
{
    public static Location Find(DocNode node, string path)
    {
        var place = node.Location;
        foreach (Match step in Step().Matches(path))
        {
            switch (node)
            {
                case DocMap map when step.Groups["field"].Success && map[step.Groups["field"].Value] is { } field:
                    (node, place) = (field.Value, field.Location);
                    break;
                case DocList list when step.Groups["index"].Success && int.TryParse(step.Groups["index"].ValueSpan, out var i) && i < list.Items.Length:
                    node = list.Items[i];
                    place = node.Location;
                    break;
                default:
                    return place;
            }
        }
        return node is DocScalar ? node.Location : place;
    }

    [GeneratedRegex(@"\[(?<index>[0-9]+)\]|(?<field>[^.\[\]]+)")]
    private static partial Regex Step();
}
