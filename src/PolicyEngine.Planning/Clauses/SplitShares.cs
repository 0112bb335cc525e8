using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>Which version gets which share: what is said, and where the rest comes from or goes to. Where that is in doubt it asks.</summary>
internal sealed class SplitShares(Draft draft, Phrase phrase, string service, TrafficSplitSpec? standing, Words words)
{
    private readonly List<string> _known = Versions.Of(draft, service);
    private readonly string? _stable = Versions.Stable(draft, service);

    /// <summary>Millionths that each version has now; with nothing said, the stable one has all.</summary>
    private Dictionary<string, int> Now => standing is { } s && s.Backends.All(b => b.Service is null || b.Service == service) ? s.Backends.ToDictionary(b => b.Version, b => b.Weight.Millionths)
        : _stable is { } only ? new() { [only] = Percentage.Whole } : [];

    public List<(string Version, Percentage Share)>? Of(List<Token> versions, Token? word, List<Token> shares, Amounts amounts)
    {
        // "from v1 to v2": where it comes from gives up what the other gets.
        var from = versions.Count == 2 ? versions.Find(v => IsLeft(v) || phrase.Governor(v)?.Concept == Concept.InsteadOf) : null;
        if (from is { } source && phrase.Governor(source) is { Concept: Concept.InsteadOf } instead) phrase.Mark(instead);
        if (shares.Count > 1 && shares.Count == versions.Count) return Paired(versions, shares);
        if (from is not null) versions = [.. versions.Where(v => !ReferenceEquals(v, from))];
        // "everything off v2": of two, the other has it then.
        else if (versions.Count == 1 && IsLeft(versions[0]) && word is null && words.All && _known.Count == 2 && (phrase.PrepositionOf(versions[0]) is "off" || phrase.Tokens.Any(t => t.Value is "away" or "away…" or "away from")) && shares.Count == 0 && amounts is { To: null, From: null, By: null } && !words.Removes && words.Change == Change.None && Versions.Named(draft, service, versions[0]) is { } empty && standing?.Backends.All(b => b.Service is null || b.Service == service) != false) return [(_known.First(k => k != empty), Percentage.Hundred)];
        else if (versions.Count == 1 && IsLeft(versions[0]) && word is null) return Ask("version", $"Requests are taken from {service} {versions[0].Text}. Which version do they go to?", _known.Where(k => k != versions[0].Value));
        // "5% of POST to v2, other methods to v1": not the rest of the same.
        if (words.Rest is { } methods && (methods.Value.Contains("method", StringComparison.Ordinal) || methods.Value.Contains("verb", StringComparison.Ordinal))) return Ask("shares", $"Which share of the requests to {service} goes to which version, and which of the other methods?");
        // "keep /x on v1 while half of the rest moves to v2": a part of a part.
        if (words.Rest is { } rest && phrase.PrepositionOf(rest) is "of") return Ask("shares", $"Which share of the requests to {service} goes to which version?");
        if (words.Even) return words.Removes ? Ask("shares", $"Which share goes to which version of {service}?") : Even(versions);
        if (shares.Count > 1) return Paired(versions, shares);
        if (words.Rest is not null && versions.Count == 2 && amounts.To is not null) return WithRest(versions, amounts.To);
        if (versions is [var kept] && word is null && words.Rest is { } remainder && kept.Position > remainder.Position && amounts.To is { } part && part.Position < remainder.Position) return Other(kept, part);
        if (versions.Count > 1) return Ask("shares", $"Which share goes to which version of {service}?");
        var version = versions.Count == 1 ? Versions.Named(draft, service, versions[0]) : Meant(word);
        if (version is null) return Ask("version", $"Which version of {service}?", _known);
        var left = from is null ? null : Versions.Named(draft, service, from);
        var share = amounts.To ?? amounts.By ?? amounts.From;
        // "back to zero", said of the share that was given before: of the one that is tried.
        if (words.Removes && share is null && versions.Count == 0 && word is null && standing is not null && ReferenceEquals(draft.Last?.Spec, standing) && standing.Backends.Where(b => b.Version != _stable).ToList() is [var trial] && (standing.Backends.Length == 1 || trial.Weight.Millionths * 2 <= Percentage.Whole)) return Without(trial.Version);
        if (words.Removes && share is null) return words.Sends && !words.Canary || versions.Count == 1 || words.Canary || word is not null ? Without(version) : Ask("version", $"What is to stop on {service}?");
        if (share is null && words.Change is not (Change.Double or Change.Halve or Change.Triple))
        {
            if (words.Change is Change.Raise or Change.Lower) return Ask("share", $"What share of the requests to {service} goes to {version}?", ["1%", "5%", "10%", "50%"]);
            return words.Back || words.All || !words.Canary && words.Sends ? [(version, Percentage.Hundred)] : Ask("share", $"What share of the requests to {service} goes to {version}?", ["1%", "5%", "10%", "50%"]);
        }
        var questions = draft.Questions.Count;
        var old = Now.TryGetValue(version, out var has) ? has / 10_000m : standing is null && Now.Count == 0 ? (decimal?)null : 0;
        if (old == 0 && amounts.By is null && amounts.From is null && words.Change is Change.Raise) old = null;
        // "bump it by 10%" of a share is ten points.
        var percent = Adjustment.Apply(words.Change == Change.Remove ? Change.None : amounts.By is not null && words.Change == Change.None ? Change.Raise : words.Change, amounts.To?.Share.Value, amounts.From?.Share.Value, amounts.By?.Share.Value, null, old, draft, $"The share of {service} {version}", p => $"{p:0.####}%", phrase.Factor);
        if (draft.Questions.Count > questions) return null;
        if (percent is not { } p || !Percentage.TryOf(p, out var wanted)) return Ask("share", $"What share of the requests to {service} goes to {version}?", ["1%", "5%", "10%", "50%"]);
        return Against(version, wanted, left);
    }

    /// <summary>"from v1": not "served from v1".</summary>
    private bool IsLeft(Token version) => !(phrase.Tokens.Count(t => t.Kind == TokenKind.Version) == 1 && phrase.PrepositionOf(version) is "from" && phrase.Tokens.Any(t => t.Position < version.Position && t.Value is "serve" or "serves" or "deliver" or "delivers")) && phrase.PrepositionOf(version) is "from" or "off" && !(phrase.Before(phrase.Governor(version)!) is { Value: "served" or "answered" or "delivered" or "handled" or "come" or "comes" or "answer" or "answers" or "respond" or "responds" });

    /// <summary>The version meant without its name: the candidate that is being tried, or the one to go back to.</summary>
    private string? Meant(Token? word)
    {
        // "back to 5%": the one that is tried has less again.
        if (words.Back && !words.All && Again(word)) return standing!.Backends.First(b => b.Version != _stable).Version;
        if (words.Back && !words.All) return word is { Concept: Concept.Older } or null || word.Concept == Concept.Canary ? _stable ?? (_known.Count == 2 ? _known[0] : null) : Versions.Named(draft, service, null, word);
        if (word is { Concept: Concept.Older }) return Versions.Named(draft, service, null, word);
        var tried = standing?.Backends.Where(b => b.Version != _stable && b.Weight != Percentage.Zero).ToList();
        if (tried is { Count: 1 } && (standing!.Backends.Length > 1 || ReferenceEquals(draft.Last?.Spec, standing))) return tried[0].Version;
        if (tried is { Count: > 1 }) return standing!.Backends.Length == 2 && _stable is null ? standing.Backends.MinBy(b => b.Weight)!.Version : null;
        return word is null ? null : Versions.Named(draft, service, null, word);
    }

    private bool Again(Token? word) => word is not { Concept: Concept.Older } && standing is { Backends.Length: 2 } && _stable is not null && standing.Backends.Any(b => b.Version == _stable) && phrase.Tokens.FirstOrDefault(t => t.Kind == TokenKind.Percent) is { } share && share.Share != Percentage.Hundred && phrase.PrepositionOf(share) is "to" or "at";

    private List<(string, Percentage)>? Even(List<Token> versions)
    {
        var among = versions.Count > 1 ? versions.Select(v => Versions.Named(draft, service, v)!).ToList() : versions.Count == 0 && _known.Count == 2 ? _known : null;
        if (among is null) return Ask("version", $"Between which versions of {service}?", _known);
        var each = Percentage.Whole / among.Count;
        return [.. among.Select((v, i) => (v, Percentage.FromMillionths(i == 0 ? Percentage.Whole - each * (among.Count - 1) : each)))];
    }

    /// <summary>As many shares as versions, in their order; a single version that is not named gets what is left.</summary>
    private List<(string, Percentage)>? Paired(List<Token> versions, List<Token> shares)
    {
        var sum = shares.Sum(s => s.Share.Millionths);
        // "make it 85/15", where it is 95/5: the one that has more goes on having more.
        if (versions.Count == 0 && sum == Percentage.Whole && shares.Count == 2 && standing is { Backends: [var one, var other] } && one.Weight > other.Weight && shares[0].Share > shares[1].Share && one.Version == _stable && standing.Backends.All(b => b.Service is null || b.Service == service))
            return [(one.Version, shares[0].Share), (other.Version, shares[1].Share)];
        if (versions.Count == 0 && sum == Percentage.Whole && _known.Count == shares.Count)
            return shares.TrueForAll(s => s.Share == shares[0].Share) ? [.. _known.Zip(shares, (v, s) => (v, s.Share))] : Ask("shares", $"Which share goes to which version of {service}?");
        // "nine to one in favour of v2".
        if (versions.Count == 1 && shares.Count == 2 && sum == Percentage.Whole && _known.Count == 2 && phrase.Tokens.Any(t => t.Value.Contains("favour", StringComparison.Ordinal) || t.Value.Contains("favor", StringComparison.Ordinal)))
            return Against(Versions.Named(draft, service, versions[0])!, shares.MaxBy(s => s.Share.Millionths)!.Share, null);
        if (versions.Count == 1 && shares.Count == 2 && sum == Percentage.Whole && _known.Count == 2 && Which(shares) is { } its) return Against(Versions.Named(draft, service, versions[0])!, its.Share, null);
        if (versions.Count == 1 && shares.Count == 2 && sum == Percentage.Whole && _known.Count == 2)
            return Ask("shares", $"Which share goes to {versions[0].Text}?", shares.Select(s => s.Share.ToString()));
        if (versions.Count != shares.Count || versions.DistinctBy(v => v.Value).Count() != versions.Count) return Ask("shares", $"Which share goes to which version of {service}?");
        var pairs = versions.Zip(shares, (v, s) => (Version: Versions.Named(draft, service, v)!, s.Share)).ToList();
        if (sum == Percentage.Whole) return pairs;
        var rest = _known.Where(k => pairs.TrueForAll(p => p.Version != k)).ToList();
        if (sum < Percentage.Whole && rest.Count == 1) return [(rest[0], Percentage.FromMillionths(Percentage.Whole - sum)), .. pairs];
        return Ask("shares", $"The shares add up to {sum / 10_000m:0.####} %, not 100 %. Where does the rest go?");
    }

    /// <summary>"95/5, v2 gets the 5", "95/5 with v2 as the small one": which of the two is said again.</summary>
    private Token? Which(List<Token> shares)
    {
        if (shares[0].Share == shares[1].Share) return null;
        if (phrase.Free.Where(t => t.Kind == TokenKind.Number && shares.Exists(s => s.Share.Millionths == t.Number * 10_000)).ToList() is [var again])
        {
            phrase.Mark(again);
            return shares.Find(s => s.Share.Millionths == again.Number * 10_000);
        }
        if (phrase.Free.Where(t => t.Value is "small" or "smaller" or "minor" or "little" or "big" or "bigger" or "large" or "larger" && phrase.After(t) is { Value: "one" or "one…" or "part" or "share" or "half" or "portion" }).ToList() is not [var size]) return null;
        if (phrase.After(size) is { } noun) phrase.Mark(noun);
        phrase.Mark(size);
        return size.Value is "small" or "smaller" or "minor" or "little" ? shares.MinBy(s => s.Share.Millionths) : shares.MaxBy(s => s.Share.Millionths);
    }

    /// <summary>"20% to v2 and the rest to v1": the share goes to the version on its side.</summary>
    private List<(string, Percentage)>? WithRest(List<Token> versions, Token share)
    {
        var rest = versions.Find(v => v.Position > words.Rest!.Position) ?? versions[^1];
        var other = versions.Find(v => !ReferenceEquals(v, rest))!;
        return [(Versions.Named(draft, service, rest)!, Percentage.FromMillionths(Percentage.Whole - share.Share.Millionths)), (Versions.Named(draft, service, other)!, share.Share)];
    }

    /// <summary>"1% to it, the rest stays on v1": the version that is named keeps the rest; what "it" is, is plain only where there are two.</summary>
    private List<(string, Percentage)>? Other(Token rest, Token share)
    {
        var kept = Versions.Named(draft, service, rest)!;
        return _known.Where(k => k != kept).ToList() is [var other] ? [(kept, Percentage.FromMillionths(Percentage.Whole - share.Share.Millionths)), (other, share.Share)] : Ask("version", $"{share.Share} of the requests to {service} go to which version?", _known.Where(k => k != kept));
    }

    private List<(string, Percentage)>? Without(string version)
    {
        var others = Now.Where(n => n.Key != version && n.Value > 0).Select(n => n.Key).ToList();
        if (others.Count == 1) return [(others[0], Percentage.Hundred)];
        if (others.Count == 0 && _stable is not null && _stable != version) return [(_stable, Percentage.Hundred)];
        var rest = _known.Where(v => v != version).ToList();
        return rest.Count == 1 && others.Count == 0 ? [(rest[0], Percentage.Hundred)] : Ask("version", $"Where do the requests to {service} go instead of {version}?", rest);
    }

    /// <summary>A share for one version; what it gains or loses is another's: the one named, or the only one there is.</summary>
    private List<(string, Percentage)>? Against(string version, Percentage share, string? from)
    {
        if (share == Percentage.Hundred) return [(version, share)];
        var now = Now;
        now[version] = now.GetValueOrDefault(version);
        var others = now.Where(n => n.Key != version && n.Value > 0).Select(n => n.Key).ToList();
        var unnamed = _known.Where(v => v != version).ToList();
        var other = from ?? (others.Count == 1 ? others[0] : others.Count == 0 ? unnamed.Count == 1 ? unnamed[0] : _stable != version ? _stable : null : null);
        if (other is null || other == version) return Ask("rest", $"{share} of the requests to {service} go to {version}. Where does the rest go?", unnamed);
        var rest = now.Where(n => n.Key != version && n.Key != other).Sum(n => n.Value);
        var given = Percentage.Whole - share.Millionths - rest;
        if (given < 0) return Ask("rest", $"{other} does not have as much to give. Which share of {service} goes where?", _known);
        now[other] = given;
        now[version] = share.Millionths;
        return [.. _known.Where(now.ContainsKey).Select(v => (v, Percentage.FromMillionths(now[v])))];
    }

    private List<(string, Percentage)>? Ask(string id, string text, IEnumerable<string>? choices = null)
    {
        draft.Ask(id, text, choices);
        return null;
    }
}
