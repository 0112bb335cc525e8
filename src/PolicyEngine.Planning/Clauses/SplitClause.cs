using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"send 5% of checkout to v2", "bump the canary to 20%", "roll checkout back to v1", "checkout v2 -> 15%", "drop v2".</summary>
internal sealed class SplitClause : IClause
{
    private static readonly Concept[] Verbs = [Concept.Send, Concept.Canary, Concept.Set, Concept.Raise, Concept.Lower, Concept.Undo, Concept.Back, Concept.Rest, Concept.Stop, Concept.It];

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        if (tokens.Has(Concept.Canary)) return 60;
        var version = tokens.Has(TokenKind.Version);
        if (version && (tokens.Has(Concept.Send) || tokens.Has(TokenKind.Percent) || tokens.Has(Concept.Undo) || tokens.Has(Concept.Back) || tokens.Has(Concept.Fully) || tokens.Has(Concept.Stop))) return 40;
        if (tokens.Has(Concept.Send) && tokens.Has(TokenKind.Percent)) return 35;
        return tokens.Has(TokenKind.Percent) && (tokens.Has(Concept.Set) || tokens.Has(Concept.Raise) || tokens.Has(Concept.Lower) || tokens.Has(Concept.It)) ? 20 : tokens.Has(Concept.Undo) && tokens.Has(TokenKind.Service) ? 15 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        var until = Scoping.Until(phrase, draft);
        var removal = phrase.Has(Concept.Stop);
        var back = phrase.Has(Concept.Undo) || phrase.Has(Concept.Back);
        var canary = phrase.Has(Concept.Canary);
        var fully = phrase.Take(t => t.Concept == Concept.Fully) is not null;
        phrase.TakeAll(Verbs);
        phrase.Take(t => t.Is("get"));
        var shares = phrase.TakeAll(TokenKind.Percent);
        var versions = phrase.TakeAll(TokenKind.Version);
        if (canary && !versions.Exists(_ => true) && !phrase.Free.Any(t => t.Kind is TokenKind.Service) && draft.Target is null) Adopt(draft);
        if (Scoping.TargetOf(phrase, draft, "Traffic is split") is not { } target) return;
        if (target.Scope is Scope.Fleet or Scope.Gateway)
        {
            draft.Ask("service", "Traffic is split between the versions of one service. Of which?", draft.Catalog.Services.Keys);
            return;
        }
        if (ServiceOf(target, draft) is not { } service) return;
        var known = draft.Service(service)!.Versions.Select(v => v.Name).ToList();
        foreach (var version in versions.Where(v => !known.Contains(v.Value)))
        {
            draft.Ask($"name:{version.Text}", $"{service} has no version {version.Text}. Which of {string.Join(", ", known)}?", known);
            return;
        }
        if (Shares(phrase, draft, target, service, known, versions, shares, new Intent(removal, back, canary, fully)) is not { } weights) return;
        var spec = new TrafficSplitSpec { Target = target, Backends = [.. weights.Select(w => new SplitBackend { Version = w.Version, Weight = w.Share })] };
        draft.PutOrReplace(spec, target.Matches.IsEmpty ? "canary" : "split", merge: (old, now) => old with { Backends = now.Backends }, until: until);
    }

    /// <summary>"The canary" without more is the one that stands.</summary>
    private static void Adopt(Draft draft)
    {
        var standing = draft.Standing(Kinds.TrafficSplit).Where(d => ((TargetedSpec)d.Spec).Target.Matches.IsEmpty).ToList();
        if (standing.Count == 1) draft.Target = ((TargetedSpec)standing[0].Spec).Target with { Matches = [] };
        else if (standing.Count > 1)
            draft.Ask("service", "Which canary?", standing.Select(d => ((TargetedSpec)d.Spec).Target.Name));
    }

    private static string? ServiceOf(Target target, Draft draft)
    {
        if (target.Service is { } service) return service;
        if (draft.Find(Kinds.Route, target.Name)?.Spec is Policies.Routes.RouteSpec { Backends: [var only] }) return only.Service;
        draft.Ask("service", $"The route {target.Name} does not lead to one service. Split which?", draft.Catalog.Services.Keys);
        return null;
    }

    private static IReadOnlyList<(string Version, Percentage Share)>? Shares(Phrase phrase, Draft draft, Target target, string service, List<string> known, List<Token> versions, List<Token> shares, Intent intent)
    {
        var standing = (draft.Standing(Kinds.TrafficSplit, target).FirstOrDefault(d => ((TargetedSpec)d.Spec).Target.Matches.Length == target.Matches.Length)?.Spec as TrafficSplitSpec)?.Backends;
        // "from v1 to v2": where it comes from gives up what the other gets.
        var from = versions.Count == 2 ? versions.Find(v => phrase.PrepositionOf(v) is "from") : null;
        if (from is not null) versions = [.. versions.Where(v => v != from)];
        else if (versions.Count == 1 && phrase.PrepositionOf(versions[0]) is "from")
        {
            draft.Ask("version", $"Requests are taken from {service} {versions[0].Text}. Which version do they go to?", known.Where(k => k != versions[0].Value));
            return null;
        }

        if (shares.Count > 1 && shares.Count == versions.Count)
        {
            var pairs = versions.Zip(shares, (v, s) => (v.Value, s.Share)).ToList();
            if (pairs.Sum(p => p.Share.Millionths) == Percentage.Whole) return pairs;
            var rest = known.Where(k => versions.TrueForAll(v => v.Value != k)).ToList();
            var left = Percentage.Whole - pairs.Sum(p => p.Share.Millionths);
            if (left > 0 && rest.Count == 1) return [(rest[0], Percentage.FromMillionths(left)), .. pairs];
            draft.Ask("shares", $"The shares add up to {pairs.Sum(p => p.Share.Value):0.####} %, not 100 %. Where does the rest go?");
            return null;
        }
        if (shares.Count > 1 && versions.Count == 0 && known.Count == shares.Count && shares.Sum(s => s.Share.Millionths) == Percentage.Whole)
            return known.Zip(shares, (v, s) => (v, s.Share)).ToList();
        if (shares.Count > 1)
        {
            draft.Ask("shares", $"Which share goes to which version of {service}?");
            return null;
        }
        var version = versions.Count == 1 ? versions[0].Value : versions.Count == 0 ? Canary(draft, service, known, standing, intent) : null;
        if (version is null)
        {
            draft.Ask("version", $"Which version of {service}?", known);
            return null;
        }
        if (intent.Removal) return Without(draft, service, known, version, standing);
        if (shares.Count == 0)
        {
            if (intent.Back || intent.Fully || !intent.IsCanary && phrase.Tokens.Any(t => t.Concept == Concept.Send)) return [(version, Percentage.Hundred)];
            draft.Ask("share", $"What share of the requests to {service} goes to {version}?", ["1%", "5%", "10%", "50%"]);
            return null;
        }
        return Against(draft, service, known, version, shares[0].Share, from?.Value, standing);
    }

    /// <summary>The version meant by "the canary": the one with the smaller share, or the one that is not the default.</summary>
    private static string? Canary(Draft draft, string service, List<string> known, ImmutableArray<SplitBackend>? standing, Intent intent)
    {
        var stable = draft.Service(service)!.DefaultVersion ?? known[0];
        if (intent.Back) return stable;
        if (standing is { Length: 2 } pair) return pair.First(b => b.Version != stable || pair.All(p => p.Version == stable)).Version;
        return known.Count == 2 ? known.First(v => v != stable) : null;
    }

    private static IReadOnlyList<(string, Percentage)>? Without(Draft draft, string service, List<string> known, string version, ImmutableArray<SplitBackend>? standing)
    {
        var rest = known.Where(v => v != version).ToList();
        var stable = draft.Service(service)!.DefaultVersion;
        if (standing is { } s && s.Count(b => b.Version != version) == 1) return [(s.First(b => b.Version != version).Version, Percentage.Hundred)];
        if (stable is not null && stable != version) return [(stable, Percentage.Hundred)];
        if (rest.Count == 1) return [(rest[0], Percentage.Hundred)];
        draft.Ask("version", $"Where do the requests to {service} go instead of {version}?", rest);
        return null;
    }

    /// <summary>A share for one version; the rest goes where it came from, to the other one, or to the stable one.</summary>
    private static IReadOnlyList<(string, Percentage)>? Against(Draft draft, string service, List<string> known, string version, Percentage share, string? from, ImmutableArray<SplitBackend>? standing)
    {
        if (share == Percentage.Hundred) return [(version, share)];
        var stable = draft.Service(service)!.DefaultVersion ?? (known.Count == 1 ? known[0] : null);
        var others = standing is { } s ? [.. s.Select(b => b.Version).Where(v => v != version)] : known.Where(v => v != version).ToList();
        var other = from ?? (others.Count == 1 ? others[0] : stable != version ? stable : null);
        if (other is null || other == version || from is null && standing is { Length: > 2 })
        {
            draft.Ask("rest", $"{share} of the requests to {service} go to {version}. Where does the rest go?", known.Where(v => v != version));
            return null;
        }
        return [(other, Percentage.FromMillionths(Percentage.Whole - share.Millionths)), (version, share)];
    }

    private sealed record Intent(bool Removal, bool Back, bool IsCanary, bool Fully);
}
