using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"send 5% of checkout to v2", "bump the canary to 20%", "roll checkout back to v1", "checkout v2 -> 15%", "drop v2", "v1 90, v2 the rest".</summary>
internal sealed class SplitClause : IClause
{
    private static readonly Concept[] Verbs =
    [
        Concept.Send, Concept.Promote, Concept.Canary, Concept.Set, Concept.Undo, Concept.Back, Concept.It, Concept.Instead, Concept.Route, Concept.Fully, Concept.Even, Concept.Rest,
        Concept.Newer, Concept.Older, Concept.VersionNoun, Concept.Only, Concept.Allow, Concept.Reach, Concept.Everyone, Concept.Answer,
    ];

    public Kind Kind => Kinds.TrafficSplit;

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        if (tokens.HasAny(Concept.Mirror, Concept.Timeout, Concept.Retry, Concept.PerTry) || tokens.Has(TokenKind.Rate) || tokens.Has(TokenKind.Cidr)) return 0;
        var version = tokens.Has(TokenKind.Version) || tokens.HasAny(Concept.Canary, Concept.Newer, Concept.Older) && tokens.HasAny(Concept.Send, Concept.Promote, Concept.Undo, Concept.Raise, Concept.Lower, Concept.Stop);
        var share = tokens.Has(TokenKind.Percent) || tokens.Has(TokenKind.Points);
        if (tokens.Has(Concept.Canary) || tokens.Has(Concept.Promote) && !tokens.Has(TokenKind.Document) && !tokens.Has(TokenKind.Duration)) return 60;
        // "weighted 70 to v1 and 30 to v2".
        if (tokens.Count(t => t.Kind == TokenKind.Version) is > 1 and var named && tokens.Where(t => t.Kind == TokenKind.Number).ToList() is var plain && plain.Count == named && plain.Sum(t => t.Number) == 100) return 40;
        if (version && (share || tokens.HasAny(Concept.Send, Concept.Undo, Concept.Back, Concept.Fully, Concept.Stop, Concept.Route, Concept.Even, Concept.Rest, Concept.Set, Concept.Only, Concept.Allow, Concept.Double, Concept.Halve, Concept.Triple, Concept.Everyone, Concept.Header, Concept.Cookie, Concept.Query, Concept.Method) || tokens.Has(TokenKind.HeaderName) || tokens.Any(t => t.Value is "return" or "returns"))) return 40;
        if (tokens.Has(Concept.Swap) && (version || tokens.Has(TokenKind.Service) || tokens.Has(Concept.It)) || version && tokens.Has(Concept.Off)) return 40;
        if (tokens.Has(Concept.Even) && tokens.Has(TokenKind.Service)) return 35;
        if (tokens.Has(Concept.Stop) && tokens.Has(TokenKind.Service) && tokens.Any(t => t is { Concept: Concept.Send, Value: "split" or "traffic split" })) return 40;
        // "cart v2 to zero", "checkout v2 from 5 to 10".
        if (tokens.Count(t => t.Kind == TokenKind.Version) == 1 && (tokens.Any(t => t is { Kind: TokenKind.Number, Number: 0 }) || tokens.Count(t => t.Kind == TokenKind.Number) == 2 && tokens.Any(t => t.Value == "from") && tokens.Any(t => t.Value == "to"))) return 36;
        if (IsSetTo(tokens)) return 36;
        // "titles below /titles/new: v8".
        if (tokens.Has(TokenKind.Path) && tokens.Count(t => t.Kind == TokenKind.Version) == 1 && tokens.Has(TokenKind.Service) && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Path or TokenKind.Version or TokenKind.Service || t.Concept is Concept.Path or Concept.Request or Concept.ServiceNoun or Concept.VersionNoun || t.Value == "below")) return 34;
        // "hit 8% with it": with what was spoken of.
        if (share && (tokens.Has(Concept.Even) || tokens.Any(t => t.Concept == Concept.Send && !(t.Value is "hit" or "hits" && !version)))) return 35;
        if (share && tokens.HasAny(Concept.Set, Concept.Raise, Concept.Lower, Concept.It)) return 20;
        return tokens.Has(Concept.Undo) && tokens.Has(TokenKind.Service) && !tokens.Any(t => t.Value == "one…") ? 15 : tokens.Has(TokenKind.Service) && tokens.Has(TokenKind.Percent) ? 12 : 0;
    }

    /// <summary>"checkout v2 at 30", "take v2 up to 40": of a version, what else than percent.</summary>
    private static bool IsSetTo(IReadOnlyList<Token> tokens) => tokens.Count(t => t.Kind == TokenKind.Version) == 1 && tokens.Where(t => t.Kind == TokenKind.Number).ToList() is [{ Number: > 0 and <= 100 } number] && tokens.TakeWhile(t => !ReferenceEquals(t, number)).LastOrDefault(t => t.Concept != Concept.Filler) is { Concept: Concept.Preposition or Concept.AtMost or Concept.Lower or Concept.Raise, Value: var before } && (before is "to" or "at" || before.EndsWith(" to", StringComparison.Ordinal))
        && tokens.TakeWhile(t => !ReferenceEquals(t, number)).Any(t => t.Kind == TokenKind.Version) && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Version or TokenKind.Service or TokenKind.Number || t.Concept is Concept.AtMost or Concept.Lower or Concept.Raise or Concept.Send or Concept.Set or Concept.It or Concept.VersionNoun);

    public void Apply(Phrase phrase, Draft draft)
    {
        // "don't send 5% to v2" says nothing that could be planned.
        var shared = phrase.Has(TokenKind.Percent) || phrase.Has(TokenKind.Points);
        if (Restates(phrase, draft)) return;
        var saysNone = !shared && (phrase.Take(t => t is { Kind: TokenKind.Number, Value: "no" or "zero" or "0" }) is not null || phrase.TakeNot(Concept.Send, Concept.Set, Concept.Route, Concept.Allow));
        // "requests with x-a: 1 go to v2, all others to v1": the others are all that is not so narrowed.
        var others = !shared && draft.Last?.Spec is TrafficSplitSpec { Target.Matches.IsEmpty: false } && phrase.Free.Count(t => t.Kind == TokenKind.Version) == 1 && phrase.Take(t => t.Concept == Concept.Rest) is not null;
        var backs = phrase.Has(Concept.Undo) || phrase.Has(Concept.Back) || phrase.Has(Concept.Answer);
        if (phrase.Has(Concept.Canary) && phrase.Take(Concept.Abort)) saysNone = true;
        if (phrase.Has(Concept.Header) || phrase.Has(TokenKind.HeaderName) || phrase.Has(Concept.Cookie) || phrase.Has(Concept.Query)) phrase.Take(t => t is { Concept: Concept.If, Value: "where" or "when" or "if" } && Enumerable.Range(1, 3).Any(i => phrase.After(t, i) is { Kind: TokenKind.HeaderName } or { Concept: Concept.Header or Concept.Cookie or Concept.Query }));
        // "end the test in favour of ml-a": that has it now.
        var settles = !shared && phrase.Has(Concept.Stop) && phrase.Free.Where(t => t.Kind == TokenKind.Version).ToList() is [var favourite] && IsFavoured(phrase, favourite);
        // "the test ended in favour of ml-a" says how it went.
        if (settles && phrase.Free.Any(t => t.Concept == Concept.Stop && t.Value.EndsWith("ed", StringComparison.Ordinal) && phrase.Before(t) is not { Value: "be" or "to be" or "gets" or "is" }))
        {
            draft.Ask("what", "So it went. What is to be done?");
            return;
        }
        if (settles || Leads(phrase)) phrase.TakeAll(Concept.Stop);
        else if (!shared && EndsSplit(phrase))
        {
            draft.Ask("version", "What is to go is the split; and which version has all the requests then?");
            return;
        }
        // "back out of v2", "roll back v2": away from it, unless it is what one goes back to.
        var leaves = !shared && phrase.Free.Where(t => t.Kind == TokenKind.Version).ToList() is [var left] && phrase.Free.Any(t => t.Concept == Concept.Undo) && phrase.PrepositionOf(left) is not ("to" or "on" or "onto" or "back") && !phrase.Free.Any(t => t.Position < left.Position && t.Value is "to" or "onto") && (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Service)?.Value ?? draft.Target?.Service) is { } of && Versions.Stable(draft, of) is { } stable && stable != left.Value;
        if (leaves) backs = false;
        var change = Adjustment.Of(phrase);
        var words = new Words(
            Removes: change == Change.Remove || saysNone || leaves, Back: backs, Canary: phrase.Has(Concept.Canary), All: phrase.Has(Concept.Fully) || phrase.Has(Concept.Promote) || phrase.Has(Concept.Everyone) || phrase.Has(Concept.Only) || settles || others,
            Even: phrase.Has(Concept.Even), Rest: phrase.Free.FirstOrDefault(t => t.Concept == Concept.Rest), Sends: phrase.Has(Concept.Send) && !phrase.Free.Any(t => t.Concept == Concept.Send && t.Value is "test" or "tests" or "testing" or "tested") || phrase.Tokens.Any(t => t.Value is "get" or "gets" && phrase.After(t) is { } got && (got.Kind is TokenKind.Version or TokenKind.Service || got.Concept is Concept.Newer or Concept.Canary or Concept.Filler)) && (phrase.Has(Concept.Header) || phrase.Has(TokenKind.HeaderName) || phrase.Has(Concept.Cookie) || phrase.Has(Concept.Query) || phrase.Has(TokenKind.Path)) || phrase.Has(Concept.Route) || phrase.Free.Any(t => t.Concept == Concept.Set && t.Value.Split(' ')[0] is "use" or "uses" or "using" or "put" or "set" or "make" or "keep" or "leave" or "reset"), Change: change);
        // "release v2 to production": how far, nobody said.
        if (!shared && !words.All && !phrase.Has(TokenKind.HeaderName) && phrase.Free.Any(t => t.Concept == Concept.Send && Releases(t.Value)) && !phrase.Free.Any(t => t.Concept is Concept.Back or Concept.Undo)) words = words with { Sends = false };
        // "from stable to canary": what it comes from is not what is meant.
        if (phrase.Free.FirstOrDefault(t => t.Concept is Concept.Newer or Concept.Older && phrase.PrepositionOf(t) is "from") is { } source && phrase.Free.Any(t => !ReferenceEquals(t, source) && (t.Concept is Concept.Newer or Concept.Older or Concept.Canary || t.Kind == TokenKind.Version))) phrase.Mark(source);
        var word = phrase.Free.FirstOrDefault(t => t.Concept is Concept.Newer or Concept.Older) ?? phrase.Free.FirstOrDefault(t => t.Concept == Concept.Canary);
        var versions = phrase.TakeAll(TokenKind.Version);
        if (phrase.Free.Count(t => t.Concept is Concept.Newer or Concept.Older) > 1 && versions.Count == 0) words = words with { Two = true };
        phrase.TakeAll(Verbs);
        phrase.Take(t => t.Value == "up to");
        // "…, not more".
        if (shared) phrase.Take(t => t is { Concept: Concept.AtMost, Value: "not more" or "at most" or "no more than" or "not more than" or "maximum" or "max" });
        // "v1=75, v2=25".
        var plain = phrase.Free.Where(t => t.Kind == TokenKind.Number).ToList();
        if (plain.Count > 0 && phrase.Free.Where(t => t.Kind == TokenKind.Percent).ToList() is var said && plain.Count + said.Count == versions.Count && versions.Count > 1 && plain.Sum(t => t.Number) + said.Sum(t => t.Share.Millionths / 10_000m) == 100) phrase.ReplaceNumber(t => Percentage.TryOf(t.Number, out var share) ? t with { Kind = TokenKind.Percent, Share = share } : t);
        // "bump the canary to 20": what else than percent.
        if (!phrase.Has(TokenKind.Percent) || phrase.Free.Any(t => t.Kind == TokenKind.Percent && phrase.Governor(t)?.Concept == Concept.InsteadOf || t.Kind == TokenKind.Number && phrase.PrepositionOf(t) is "from"))
            phrase.ReplaceNumber(t => Percentage.TryOf(t.Number, out var share) && (share != Percentage.Zero || phrase.PrepositionOf(t) is "from") && (phrase.PrepositionOf(t) is "to" or "at" or "by" or "from" || phrase.Before(t) is { Concept: Concept.AtMost or Concept.Lower or Concept.Raise, Value: var up } && up.EndsWith(" to", StringComparison.Ordinal) || phrase.Tokens.Any(i => i.Concept == Concept.It) || draft.Last?.Spec is TrafficSplitSpec && phrase.Tokens.All(i => i.IsGlue || i.Kind == TokenKind.Number || i.Concept is Concept.Only or Concept.Instead or Concept.InsteadOf) || words.Canary && phrase.Free.Count(i => i.Kind == TokenKind.Number) == 1 && phrase.Tokens.Any(i => i.Concept == Concept.Set || i.Text is ":" or "=")) ? t with { Kind = TokenKind.Percent, Share = share } : t);
        TakeRepeated(phrase);
        if ((phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Service)?.Value ?? draft.Target?.Service) is { } spoken && !TakesOld(phrase, draft.Standing(Kind, Target.OfService(spoken)).Select(d => d.Spec).OfType<TrafficSplitSpec>().FirstOrDefault(s => s.Target.Matches.IsEmpty), draft)) return;
        var many = phrase.Free.Count(t => t.Kind == TokenKind.Percent) > 1 && !phrase.Free.Any(t => t.Kind == TokenKind.Percent && (phrase.PrepositionOf(t) is "from" && versions.Count < 2 || phrase.Governor(t)?.Concept == Concept.InsteadOf || phrase.After(t) is { Value: "to" } && phrase.After(t, 2)?.Kind == TokenKind.Percent));
        var amounts = many ? new Amounts(null, null, null) : Amounts.Of(phrase, TokenKind.Percent, TokenKind.Points);
        var shares = many ? phrase.TakeAll(TokenKind.Percent) : [];
        var names = phrase.Free.Any(t => t.IsEntity);
        if (words.Canary && !names && (draft.Target is not { } about || draft.Standing(Kind, about).Count == 0 && draft.Of(Kind).Count(d => d.Spec is TargetedSpec { Target.Matches.IsEmpty: true }) == 1)) Adopt(draft);
        if (Scoping.TargetOf(phrase, draft, "Traffic is split") is not { } target) return;
        if (target.Scope is Scope.Fleet or Scope.Gateway)
        {
            draft.Ask("service", "Traffic is split between the versions of one service. Of which?", draft.Catalog.Services.Keys);
            return;
        }
        if (ServiceOf(target, draft) is not { } service) return;
        if (phrase.Take(Concept.Swap) && Swapped(phrase, draft, target, service, versions, words)) return;
        // "two thirds new, one third old".
        if (words.Two && shares.Count == 2 && phrase.Tokens.Where(t => t.Concept is Concept.Newer or Concept.Older).ToList() is [var one, var other] && one.Concept != other.Concept && (Versions.Named(draft, service, null, one), Versions.Named(draft, service, null, other)) is ({ } first, { } second) && first != second)
        {
            versions = [new Token(TokenKind.Version, first, one.Position), new Token(TokenKind.Version, second, other.Position)];
            (word, words) = (null, words with { Two = false });
        }
        if (words.Two)
        {
            draft.Ask("version", $"Which version of {service} is which?", Versions.Of(draft, service));
            return;
        }
        foreach (var version in versions.Where(v => Versions.Named(draft, service, v) is null))
        {
            draft.Ask($"name:{version.Text}", $"{service} has no version {version.Text}. Which of {string.Join(", ", Versions.Of(draft, service))}?", Versions.Of(draft, service));
            return;
        }
        if (!target.Matches.IsEmpty && change == Change.None) words = words with { Sends = true };
        var standing = draft.Current(Kind, target, change != Change.None || target.Matches.IsEmpty && versions.Count == 0, out var asked);
        if (asked) return;
        if (words.Removes && !target.Matches.IsEmpty && standing is null)
        {
            draft.Ask("version", $"Where do those requests to {service} go?", Versions.Of(draft, service));
            return;
        }
        // "give 10% back to v1": as much more, or as much in all?
        if (backs && amounts.To is { } given && given.Share != Percentage.Hundred && standing is not null && versions is [var receiver] && phrase.PrepositionOf(given) is not ("to" or "at") && phrase.PrepositionOf(receiver) is "to" or "onto")
        {
            draft.Ask("share", $"Does {service} {receiver.Text} get {given.Text} in all then, or as much more than now?");
            return;
        }
        var split = new SplitShares(draft, phrase, service, standing?.Spec as TrafficSplitSpec, words);
        if (split.Of(versions, word, shares, amounts) is not { } weights) return;
        // "all of it to v1 and all of it to v2": of two that cannot both be, the second takes no place of the first.
        if (standing is { Spec: TrafficSplitSpec { Backends: [{ Version: var holder }] } } && draft.IsEdited(standing.Id) && weights.Count == 1 && weights[0].Share == Percentage.Hundred && weights[0].Version != holder && !phrase.Tokens.Any(t => t.Concept is Concept.Instead or Concept.Back or Concept.Undo or Concept.It || t.Value is "then" or "no" or "rather" or "actually"))
        {
            draft.Ask("shares", $"All requests to {service} to {holder}, and all of them to {weights[0].Version}? To which?", [holder, weights[0].Version]);
            return;
        }
        var backends = weights.Where(w => w.Share != Percentage.Zero).Select(w => new SplitBackend { Service = service == target.Service || target.Service is null && service == target.Name ? null : target.Service is null ? service : null, Version = w.Version, Weight = w.Share });
        var spec = standing?.Spec as TrafficSplitSpec ?? new TrafficSplitSpec { Target = target, Backends = [] };
        draft.PutOver(standing, spec with { Backends = [.. backends] }, target.Matches.IsEmpty ? "canary" : "split");
    }

    /// <summary>"drop that and send all of it back to blue": what stops is what was; blue is where requests go. Not "stop sending any to blue".</summary>
    private static bool Leads(Phrase phrase)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Stop) is not { } stop || phrase.Has(TokenKind.Percent) || VersionsIn(phrase) is not [var version]) return false;
        var joint = phrase.Free.FirstOrDefault(t => t.Position > stop.Position && t.Position < version.Position && (t.Kind == TokenKind.Punctuation || t.Concept == Concept.Separator));
        if (joint is null) return false;
        if (phrase.PrepositionOf(version) is "to" or "onto") return phrase.Free.Any(t => t.Position > joint.Position && t.Position < version.Position && t.Concept is Concept.Send or Concept.Back or Concept.Undo or Concept.Route);
        // "…, ml-b for everyone", "…, ml-a stays": who has it now.
        return joint.Kind == TokenKind.Punctuation && phrase.Free.Any(t => t.Position > joint.Position && t.Concept is Concept.Everyone or Concept.Fully or Concept.Only or Concept.Promote || t.Value is "stays" or "stay" or "remains" or "remain" or "alone" or "keep");
    }

    /// <summary>"5% to v2, and v1 keeps 95": the other side of what was just said.</summary>
    private static bool Restates(Phrase phrase, Draft draft)
    {
        if (draft.Last is not { Spec: TrafficSplitSpec split } last || !draft.IsEdited(last.Id) || phrase.Tokens.Where(t => t.Kind == TokenKind.Version).ToList() is not [var version] || phrase.Tokens.Where(t => t.Kind is TokenKind.Number or TokenKind.Percent).ToList() is not [var share]) return false;
        var millionths = share.Kind == TokenKind.Percent ? share.Share.Millionths : share.Number * 10_000;
        if (!split.Backends.Any(b => string.Equals(b.Version, version.Value, StringComparison.OrdinalIgnoreCase) && b.Weight.Millionths == millionths) || !phrase.Tokens.All(t => t.IsGlue || t.Kind is TokenKind.Version or TokenKind.Number or TokenKind.Percent || Verbs.Contains(t.Concept) || t.Concept == Concept.Request)) return false;
        foreach (var token in phrase.Tokens) phrase.Mark(token);
        return true;
    }

    /// <summary>The versions that are named, or else the one that a word stands for: "default version only".</summary>
    private static List<Token> VersionsIn(Phrase phrase) => phrase.Free.Where(t => t.Kind == TokenKind.Version).ToList() is { Count: > 0 } named ? named : [.. phrase.Free.Where(t => t.Concept is Concept.Older or Concept.Newer)];

    private static bool IsFavoured(Phrase phrase, Token version)
    {
        for (var before = phrase.Before(version); before is { Concept: Concept.Filler or Concept.ServiceNoun or Concept.VersionNoun } or { Kind: TokenKind.Service }; before = phrase.Before(before))
            if (before.Value is "in favour of" or "in favor of") return true;
        return false;
    }

    /// <summary>"remove the split, ml-a …": of what stands behind it nobody knows whether it goes or stays.</summary>
    private static bool EndsSplit(Phrase phrase) => phrase.Free.FirstOrDefault(t => t.Concept == Concept.Stop) is { } stop && (VersionsIn(phrase) is { Count: > 0 } versions ? versions : [.. phrase.Free.Where(t => t.Concept == Concept.Canary)]) is [var version] && phrase.Free.FirstOrDefault(t => t.Position > stop.Position && t.Value is "split" or "splits" or "traffic split" or "experiment" or "test" or "a/b test" or "ab test") is { } split && split.Position < version.Position
        && phrase.Tokens.Any(t => t.Position > split.Position && t.Position < version.Position && t is { Kind: TokenKind.Punctuation, Text: "," or ";" or ":" or "-" or "–" or "—" or "." });

    /// <summary>"swap them": of two versions each gets what the other has. False where a version is named to go to.</summary>
    private bool Swapped(Phrase phrase, Draft draft, Target target, string service, List<Token> versions, Words words)
    {
        if (versions.Count == 1 && phrase.PrepositionOf(versions[0]) is "to" or "for" or "with" or "onto") return false;
        var standing = draft.Current(Kind, target, true, out var asked);
        if (asked) return true;
        phrase.TakeAll(Concept.VersionNoun, Concept.Send, Concept.It);
        phrase.Take(t => t is { Kind: TokenKind.Number, Value: "two" or "2" });
        if (standing?.Spec is TrafficSplitSpec { Backends: [var one, var other] } split) draft.PutOver(standing, split with { Backends = [one with { Weight = other.Weight }, other with { Weight = one.Weight }] }, "canary");
        else draft.Ask("shares", $"There are no two shares of {service} to swap. Which share goes to which version?");
        return true;
    }

    private static bool Releases(string verb) => verb.Split(' ')[0] is { } first && (first.StartsWith("releas", StringComparison.Ordinal) || first.StartsWith("launch", StringComparison.Ordinal) || first.StartsWith("ship", StringComparison.Ordinal) || first.StartsWith("publish", StringComparison.Ordinal) || first.StartsWith("expos", StringComparison.Ordinal) || first.StartsWith("land", StringComparison.Ordinal)) || verb is "go live" or "roll out" or "rolled out" or "rollout" or "phase in";

    /// <summary>"from 50/50 to …": what the shares are now. False, after a question, where they are not.</summary>
    private static bool TakesOld(Phrase phrase, TrafficSplitSpec? standing, Draft draft)
    {
        if (phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Percent && t.Value.EndsWith("#0", StringComparison.Ordinal) && phrase.PrepositionOf(t) is "from") is not { } first) return true;
        var old = phrase.Free.Where(t => t.Kind == TokenKind.Percent && t.Position == first.Position && t.End == first.End).ToList();
        foreach (var token in old) phrase.Mark(token);
        if (standing is not null && standing.Backends.Select(b => b.Weight).Order().SequenceEqual(old.Select(t => t.Share).Order())) return true;
        draft.Ask("standing", "Those are not the shares that stand now. Which share goes to which version?");
        return false;
    }

    /// <summary>"a third, exactly 33.3333%": the same share, said twice.</summary>
    private static void TakeRepeated(Phrase phrase)
    {
        if (phrase.Free.Where(t => t.Kind == TokenKind.Percent).ToList() is [var rough, var exact] && Math.Abs(rough.Share.Millionths - exact.Share.Millionths) <= 5_000 && phrase.Tokens.Any(t => t.Position < exact.Position && t.Position > rough.Position && t.Value is "exactly" or "precisely" or "i.e" or "ie" or "namely")) phrase.Mark(rough);
    }

    /// <summary>"The canary" without more is the one that stands.</summary>
    private void Adopt(Draft draft)
    {
        var standing = draft.Of(Kind).Where(d => ((TargetedSpec)d.Spec).Target.Matches.IsEmpty).ToList();
        if (standing.Count == 1) draft.Target = ((TargetedSpec)standing[0].Spec).Target with { Matches = [] };
        else if (standing.Count > 1) draft.Ask("service", "Which canary?", standing.Select(d => ((TargetedSpec)d.Spec).Target.Name));
    }

    private static string? ServiceOf(Target target, Draft draft)
    {
        if (target.Service is { } service) return service;
        if (draft.Find(Kinds.Route, target.Name)?.Spec is Policies.Routes.RouteSpec { Backends: [var only] }) return only.Service;
        draft.Ask("service", $"The route {target.Name} does not lead to one service. Split which?", draft.Catalog.Services.Keys);
        return null;
    }
}

/// <summary>What the words of a split say, beside names and numbers.</summary>
internal sealed record Words(bool Removes, bool Back, bool Canary, bool All, bool Even, Token? Rest, bool Sends, Change Change)
{
    /// <summary>"from the old to the new": two words for versions.</summary>
    public bool Two { get; init; }
}
