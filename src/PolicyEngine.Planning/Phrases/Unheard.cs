using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Phrases;

/// <summary>
/// A split that has nothing to do with the shares and versions that were said was not meant: "10% of returning customers to v2, the rest on v1" is not
/// all to v1. What only changes by a share, or takes requests away from a version, is none such.
/// </summary>
internal static partial class Unheard
{
    /// <summary>The share or version that no split of the plan has; null where all are in it.</summary>
    public static Token? Of(IReadOnlyList<Token> tokens, Plan plan)
    {
        var splits = plan.Edits.Select(e => e.Upserted?.Spec).OfType<TrafficSplitSpec>().ToList();
        if (splits.Count == 0 || splits.Count != plan.Edits.Length || tokens.Any(Changes) || tokens.Any(t => t.Kind == TokenKind.Percent && t.Share.Value == 0)) return null;
        var backends = splits.SelectMany(s => s.Backends).ToList();
        var shares = tokens.Where(t => t.Kind == TokenKind.Percent && t.Share.Value > 0).ToList();
        if (shares.Count > 0 && !shares.Exists(t => backends.Exists(b => b.Weight == t.Share))) return shares[0];
        var versions = tokens.Where(t => t is { Kind: TokenKind.Version, IsGuess: false }).ToList();
        return versions.Count > 0 && !versions.Exists(t => backends.Exists(b => b.Version == t.Value && b.Weight.Value > 0)) ? versions[0] : null;
    }

    /// <summary>"… and everything below", where only the one path is planned.</summary>
    public static bool IsBelow(string intent, Plan plan) => Below().IsMatch(intent) && plan.Edits.Select(e => e.Upserted?.Spec).OfType<RouteSpec>().Any(r => r.Matches.Any(m => m.Path?.Exact is not null));

    [GeneratedRegex(@"\band (?:everything|anything|all|whatever is) (?:below|beneath|underneath|under it)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Below();

    private static bool Changes(Token token) => token.Kind == TokenKind.Points || token.Concept is Concept.More or Concept.Less or Concept.Raise or Concept.Lower or Concept.Double or Concept.Halve or Concept.Triple or Concept.Swap or Concept.Stop or Concept.Off or Concept.Back or Concept.Undo or Concept.Not or Concept.Without or Concept.InsteadOf or Concept.Deny or Concept.Failing or Concept.Abort
        || token.Value is "from" or "away" or "off" or "out" or "out of" or "drain" or "leave" or "nothing" or "nobody" or "none" or "no" or "zero" or "third" or "thirds" or "quarter" or "half";
}
