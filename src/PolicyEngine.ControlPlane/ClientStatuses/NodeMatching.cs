using Envoy.Type.Matcher.V3;
using PolicyEngine.ControlPlane.Nodes;

namespace PolicyEngine.ControlPlane.ClientStatuses;

/// <summary>
/// Which nodes are asked about: those of any matcher; all where there is none. Of metadata, text values at the top are known; a matcher of
/// anything else matches no node.
/// </summary>
internal static class NodeMatching
{
    private const int MostMatchers = 100;

    public static Func<NodeIdentity, bool> Of(IReadOnlyCollection<NodeMatcher> matchers)
    {
        if (matchers.Count == 0) return _ => true;
        if (matchers.Count > MostMatchers) throw TextMatching.Invalid($"at most {MostMatchers} node matchers");
        var tests = matchers.Select(Of).ToList();
        return node => tests.Exists(t => t(node));
    }

    private static Func<NodeIdentity, bool> Of(NodeMatcher matcher)
    {
        if (matcher.NodeMetadatas.Count > MostMatchers) throw TextMatching.Invalid($"at most {MostMatchers} metadata matchers");
        var id = matcher.NodeId is null ? _ => true : TextMatching.Of(matcher.NodeId);
        var metadata = matcher.NodeMetadatas.Select(Of).ToList();
        return node => id(node.Id) && metadata.TrueForAll(m => m(node));
    }

    private static Func<NodeIdentity, bool> Of(StructMatcher matcher)
    {
        if (matcher.Path.Count == 0 || matcher.Value is null) throw TextMatching.Invalid("a metadata matcher must have a path and a value");
        if (matcher.Path.Count > 1) return _ => false;
        var (key, test) = (matcher.Path[0].Key, Of(matcher.Value));
        return node => test(node.Metadata.GetValueOrDefault(key));
    }

    /// <summary>The value is null where there is none.</summary>
    private static Func<string?, bool> Of(ValueMatcher matcher)
    {
        switch (matcher.MatchPatternCase)
        {
            case ValueMatcher.MatchPatternOneofCase.StringMatch:
                var text = TextMatching.Of(matcher.StringMatch);
                return value => value is not null && text(value);
            case ValueMatcher.MatchPatternOneofCase.PresentMatch:
                return value => matcher.PresentMatch == value is not null;
            case ValueMatcher.MatchPatternOneofCase.OrMatch:
                if (matcher.OrMatch.ValueMatchers.Count > MostMatchers) throw TextMatching.Invalid($"at most {MostMatchers} value matchers");
                var any = matcher.OrMatch.ValueMatchers.Select(Of).ToList();
                return value => any.Exists(t => t(value));
            default:
                return _ => false;
        }
    }
}
