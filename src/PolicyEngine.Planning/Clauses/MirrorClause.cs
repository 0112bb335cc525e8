using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"mirror 10% of orders to v2", "shadow checkout traffic to v2", "copy orders to audit", "stop mirroring checkout".</summary>
internal sealed class MirrorClause : IClause
{
    public Kind Kind => Kinds.Mirror;

    public int Recognises(IReadOnlyList<Token> tokens) =>
        tokens.Has(Concept.Mirror) ? 65
        : tokens.Has(Concept.Shadow) && !tokens.Has(TokenKind.Rate) && !tokens.HasAny(Concept.Limit, Concept.Deny, Concept.Allow) && (tokens.Has(TokenKind.Version) || tokens.HasAny(Concept.Stop, Concept.Newer, Concept.Canary) || tokens.Has(TokenKind.Percent) || tokens.Has(TokenKind.Service)) ? 63 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        var change = Adjustment.Of(phrase, Concept.Mirror, Concept.Shadow);
        // "mirror all of search": every request, whatever share stands.
        var all = phrase.Has(Concept.Fully) && change == Change.None;
        phrase.TakeAll(Concept.AtMost);
        // "…, 20": of a share that was spoken of.
        if (draft.Last?.Spec is MirrorSpec && !phrase.Has(TokenKind.Percent) && phrase.Free.Where(t => !t.IsGlue).All(t => t.Kind == TokenKind.Number || t.Concept is Concept.It or Concept.Set or Concept.Only or Concept.Instead or Concept.InsteadOf) || !phrase.Has(TokenKind.Percent) && phrase.Free.Count(t => t.Kind == TokenKind.Number) == 2 && phrase.Free.Any(t => t.Kind == TokenKind.Number && phrase.PrepositionOf(t) is "from" || t.Concept == Concept.InsteadOf)) phrase.ReplaceNumber(t => Percentage.TryOf(t.Number, out var plain) && plain != Percentage.Zero ? t with { Kind = TokenKind.Percent, Share = plain } : t);
        phrase.TakeAll(Concept.Mirror, Concept.Shadow, Concept.Set, Concept.Send, Concept.Fully, Concept.Back, Concept.Instead, Concept.It, Concept.Route, Concept.Only);
        if (phrase.Take(t => t.Kind is TokenKind.Url or TokenKind.Host && !draft.Catalog.Gateways.Values.Any(g => g.Listeners.Any(l => l.Hostnames.Contains(t.Value)))) is { } foreign)
        {
            draft.Refuse($"The catalog does not know {foreign.Text}; nothing is sent there.");
            return;
        }
        var shares = Amounts.Of(phrase, TokenKind.Percent, TokenKind.Points);
        var version = phrase.Take(TokenKind.Version);
        // "mirror orders to search": the second service, behind "to", is where the copies go.
        var services = phrase.Free.Where(t => t.Kind == TokenKind.Service).ToList();
        var to = services.Count == 2 ? services.Find(s => phrase.PrepositionOf(s) is "to" or "into" or "onto" or "over" or "at") : services.Count == 1 && phrase.Free.Any(t => t.Kind is TokenKind.Gateway or TokenKind.Fleet or TokenKind.Document) && phrase.PrepositionOf(services[0]) is "to" or "into" or "onto" ? services[0]
            : services.Count == 1 && draft.Target?.Service is not null && phrase.PrepositionOf(services[0]) is "to" && phrase.Tokens.Any(t => t.Concept == Concept.It) ? services[0] : null;
        if (version is not null && services.Count == 2 && to is null) to = services.Find(s => ReferenceEquals(phrase.Before(version), s));
        if (to is not null)
        {
            phrase.Mark(to);
            Scoping.AskForGuess(to, draft);
        }
        var word = phrase.Take(t => t.Concept is Concept.Newer or Concept.Older or Concept.Canary);
        phrase.TakeAll(Concept.VersionNoun);
        if (Scoping.TargetOf(phrase, draft, "Requests are mirrored") is not { } target) return;
        var standing = draft.Current(Kind, target, change != Change.None || version is null && word is null && to is null, out var asked);
        if (asked) return;
        var old = standing?.Spec as MirrorSpec;
        if (change == Change.Remove)
        {
            if (standing is not null && shares.To is { } kept && (kept.Share != old!.Percentage || phrase.Tokens.Any(t => t.Concept is Concept.Instead or Concept.It && t.Position < kept.Position))) draft.Ask("share", $"{old.Percentage} of the requests to {target.Name} are mirrored. What is to become of {kept.Text}?");
            else if (standing is not null) draft.Remove(standing);
            else if (Sparing.Of(phrase, draft, Kind, target)) return;
            else draft.Ask("standing", $"{target} is not mirrored. What is to be stopped?");
            return;
        }
        var service = to?.Value ?? old?.To.Service ?? target.Service;
        if (service is null)
        {
            draft.Ask("service", "Mirrored to which service?", draft.Catalog.Services.Keys);
            return;
        }
        var named = Versions.Named(draft, service, version, word);
        var keeps = version is null && word is null && to is null && old is not null;
        if (version is not null && named is null || named is null && !keeps && to is null)
        {
            draft.Ask(version is null ? "version" : $"name:{version.Text}", $"Mirrored to which version of {service}?", Versions.Of(draft, service));
            return;
        }
        var questions = draft.Questions.Count;
        var part = Adjustment.Apply(change, shares.To?.Share.Value, shares.From?.Share.Value, shares.By?.Share.Value, null, old?.Percentage.Value, draft, $"The mirrored share of {target.Name}", p => $"{p:0.####}%", phrase.Factor);
        if (draft.Questions.Count > questions) return;
        if (all && part is null) part = 100;
        if (part is { } p and (> 100 or <= 0) || !Percentage.TryOf(part ?? 100, out var share))
        {
            draft.Ask("share", $"What share of the requests to {target.Name} is mirrored?", ["1%", "10%", "100%"]);
            return;
        }
        draft.PutOver(standing, new MirrorSpec
        {
            Target = old?.Target ?? target,
            Priority = old?.Priority ?? 0,
            To = keeps ? old!.To : new MirrorDestination { Service = service == target.Service ? null : service, Version = named },
            Percentage = part is null && old is not null ? old.Percentage : share,
        }, "mirror");
    }
}
