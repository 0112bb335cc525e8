using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"no more mirroring for GETs", "lift the limit for requests with x-internal": what stands goes on for all the others.</summary>
internal static class Sparing
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

    /// <summary>False where nothing stands for all, several do, or nobody can say what the others are.</summary>
    public static bool Of(Phrase phrase, Draft draft, Kind kind, Target target)
    {
        // "…, only /a keeps it", "by header, no longer by address": that is another thing.
        if (phrase.Tokens.Any(t => t.Concept is Concept.Only or Concept.Without && !draft.Excepts || t.Value is "keep" or "keeps" or "retain" or "retains" or "by" or "stay" or "stays" or "remain" or "remains" or "but")) return false;
        if (draft.Ends is not null || target.Matches is not [var spared] || Others(spared) is not { } others) return false;
        if (draft.Standing(kind, target) is not [{ Spec: TargetedSpec { Target.Matches.IsEmpty: true } spec } only]) return false;
        draft.Put(only.With(spec with { Target = spec.Target with { Matches = [others] } }));
        return true;
    }

    /// <summary>Every request that is not of these; null where it takes several conditions to say so.</summary>
    public static RequestMatch? Others(RequestMatch match)
    {
        if ((match.Path is null ? 0 : 1) + (match.Methods.IsEmpty ? 0 : 1) + match.Headers.Length + match.Cookies.Length + match.QueryParams.Length != 1 || match.Grpc is not null) return null;
        if (match.Path is { } path)
            return path.Prefix is { } prefix && OtherPaths.Than(prefix) is { } regex ? new RequestMatch { Path = new PathSpec { Regex = regex } }
                : path.Regex is { } all && OtherPaths.In(all) is { } one ? new RequestMatch { Path = new PathSpec { Prefix = one } } : null;
        if (!match.Methods.IsEmpty) return Methods.Except(match.Methods, StringComparer.Ordinal).ToList() is { Count: > 0 } rest ? new RequestMatch { Methods = [.. rest] } : null;
        return new RequestMatch { Headers = [.. match.Headers.Select(Not)], Cookies = [.. match.Cookies.Select(Not)], QueryParams = [.. match.QueryParams.Select(Not)] };
    }

    private static NamedSpec Not(NamedSpec said) => said.Present is { } there ? said with { Present = !there } : said with { Invert = !said.Invert };
}
