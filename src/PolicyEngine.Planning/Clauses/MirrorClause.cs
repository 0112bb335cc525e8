using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"mirror 10% of orders to v2", "stop mirroring checkout".</summary>
internal sealed class MirrorClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens) =>
        tokens.Has(Concept.Mirror) ? 65 : tokens.Has(Concept.Shadow) && tokens.Has(TokenKind.Version) && !tokens.Has(Concept.Limit) && !tokens.Has(Concept.Deny) ? 50 : 0;

    public void Apply(Phrase phrase, Draft draft)
    {
        phrase.TakeAll(Concept.Mirror, Concept.Shadow, Concept.Set, Concept.Send, Concept.Fully);
        var change = Adjustment.Of(phrase);
        var until = Scoping.Until(phrase, draft);
        var share = phrase.Take(TokenKind.Percent)?.Share;
        var version = phrase.Take(TokenKind.Version);
        // "mirror orders to search": the second service, behind "to", is where the copies go.
        var services = phrase.Free.Where(t => t.Kind == TokenKind.Service).ToList();
        var to = services.Count == 2 ? services.Find(s => phrase.PrepositionOf(s) is "to" or "into" or "onto") : null;
        if (to is not null) phrase.Mark(to);
        if (Scoping.TargetOf(phrase, draft, "Requests are mirrored") is not { } target) return;
        var standing = draft.Standing(Kinds.Mirror, target);
        if (change == Adjustment.Kind.Remove)
        {
            if (standing.Count == 1) draft.Remove(standing[0]);
            else draft.Ask("standing", standing.Count == 0 ? $"{target} is not mirrored. What is to be stopped?" : "Which mirror?", standing.Select(d => d.Name));
            return;
        }
        var old = standing.Count == 1 ? standing[0].Spec as MirrorSpec : null;
        var service = to?.Value ?? target.Service;
        if (service is null)
        {
            draft.Ask("service", "Mirrored to which service?", draft.Catalog.Services.Keys);
            return;
        }
        var known = draft.Service(service)!.Versions.Select(v => v.Name).ToList();
        var destination = version?.Value ?? (old?.To.Service ?? target.Service) switch { var s when s == service => old?.To.Version, _ => null } ?? (to is null ? null : "");
        if (destination is null || destination.Length > 0 && !known.Contains(destination))
        {
            draft.Ask(version is null ? "version" : $"name:{version.Text}", $"Mirrored to which version of {service}?", known);
            return;
        }
        var spec = new MirrorSpec
        {
            Target = target,
            To = new MirrorDestination { Service = service == target.Service ? null : service, Version = destination.Length == 0 ? null : destination },
            Percentage = share ?? old?.Percentage ?? Percentage.Hundred,
        };
        draft.PutOrReplace(spec, "mirror", until: until);
    }
}
