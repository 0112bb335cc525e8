using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Headers;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"set header x-env: prod on checkout", "strip the server header from responses of orders", "add x-team: payments to requests to checkout".</summary>
internal sealed class HeadersClause : IClause
{
    public Kind Kind => Kinds.Headers;

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        var named = tokens.Has(Concept.Header) || tokens.Has(TokenKind.HeaderName);
        var acts = tokens.HasAny(Concept.Set, Concept.Stop) || tokens.Any(t => t.Value.StartsWith("inject", StringComparison.Ordinal));
        var other = tokens.Has(TokenKind.Rate) || tokens.Has(TokenKind.Percent) || tokens.Any(t => t.Concept == Concept.Abort && !t.Value.StartsWith("inject", StringComparison.Ordinal)) || tokens.HasAny(Concept.Limit, Concept.Deny, Concept.Allow, Concept.Retry, Concept.Timeout, Concept.Delay, Concept.Mirror, Concept.Redirect, Concept.Require)
            || tokens.Any(t => t.Concept is Concept.Answer && !t.Value.StartsWith("return", StringComparison.Ordinal)) || tokens.Has(Concept.Send) && tokens.Has(TokenKind.Version);
        return named && acts && !other ? 48 : tokens.Has(TokenKind.HeaderName) && !other && tokens.Any(t => t.Value == "be") ? 20 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        var verb = phrase.Take(t => t.Concept is Concept.Set or Concept.Stop);
        phrase.TakeAll(Concept.Set, Concept.Abort);
        var removes = verb?.Concept == Concept.Stop;
        if (removes) phrase.TakeAll(Concept.Send);
        var response = phrase.Take(Concept.Response) || phrase.Free.Any(t => t.Concept == Concept.Answer);
        phrase.TakeAll(Concept.Request, Concept.Response, Concept.Answer, Concept.Fully, Concept.Too);
        var name = phrase.Free.FirstOrDefault(t => Conditions.IsHeaderName(t, phrase));
        if (name is null)
        {
            draft.Ask("header", "Which header?");
            return;
        }
        phrase.Mark(name);
        var value = removes ? null : Conditions.Value(phrase, name) ?? phrase.Take(TokenKind.Quoted)?.Value ?? ValueElsewhere(phrase, name);
        phrase.TakeAll(Concept.Header);
        if (!removes && value is null)
        {
            draft.Ask("value", $"What is the value of header {name.Text}?");
            return;
        }
        // Another header in the clause is a condition only where it says so.
        if (phrase.Free.FirstOrDefault(t => Conditions.IsHeaderName(t, phrase) && (phrase.Governor(t) is { Concept: Concept.Header } h ? phrase.Governor(h) : phrase.Governor(t)) is not ({ Value: "with" or "for" or "where" or "if" } or { Concept: Concept.Present or Concept.Without or Concept.If })) is { } second)
        {
            draft.Ask("header", $"One header at a time: {name.Text} or {second.Text}?");
            return;
        }
        if (Scoping.TargetOf(phrase, draft, "Headers are changed") is not { } target) return;
        var header = (name.Kind == TokenKind.Quoted ? name.Value : name.Text).ToLowerInvariant();
        var standing = draft.Current(Kind, target, false, out var asked);
        if (asked) return;
        var old = standing?.Spec as HeadersSpec;
        var edits = (removes, Verb(verb)) switch
        {
            (true, _) => new HeaderEditsSpec { Remove = [header] },
            (_, "append") => new HeaderEditsSpec { Append = [new HeaderValueSpec { Name = header, Value = value! }] },
            (_, "add" or "insert" or "attach") => new HeaderEditsSpec { Add = [new HeaderValueSpec { Name = header, Value = value! }] },
            _ => new HeaderEditsSpec { Set = [new HeaderValueSpec { Name = header, Value = value! }] },
        };
        // "stop adding x-team": what a policy adds is no longer added; what somebody else sends is taken away.
        if (removes && old is not null && phrase.Tokens.Any(t => t.Concept == Concept.Set) && Adds(response ? old.Response : old.Request, header))
        {
            var rest = old with { Request = response ? old.Request : Without(old.Request, header), Response = response ? Without(old.Response, header) : old.Response };
            if (rest.Request is null && rest.Response is null) draft.Remove(standing!);
            else draft.Put(standing!.With(rest));
            return;
        }
        var spec = old ?? new HeadersSpec { Target = target };
        draft.PutOver(standing, response ? spec with { Response = Merge(spec.Response, edits) } : spec with { Request = Merge(spec.Request, edits) }, "headers");
    }

    private static string Verb(Token? verb) => verb?.Value.Split(' ')[0] switch
    {
        "append" or "appends" or "appending" => "append",
        "add" or "adds" or "adding" or "added" or "insert" or "attach" => "add",
        _ => "set",
    };

    /// <summary>"add the value prod as header x-env", "set x-env on checkout to prod".</summary>
    private static string? ValueElsewhere(Phrase phrase, Token name)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.None && t.Kind is TokenKind.Word or TokenKind.Number or TokenKind.Version && !ReferenceEquals(t, name) && (phrase.Before(t)?.Value is "value" or "be" || phrase.Before(t)?.Value == "to" && t.Position > name.Position)) is not { } value) return null;
        phrase.Mark(value);
        return value.Text;
    }

    private static bool Adds(HeaderEditsSpec? edits, string header) => edits is not null && edits.Set.Concat(edits.Add).Concat(edits.Append).Any(h => h.Name.Equals(header, StringComparison.OrdinalIgnoreCase));

    private static HeaderEditsSpec? Without(HeaderEditsSpec? edits, string header)
    {
        if (edits is null) return null;
        var rest = edits with { Set = edits.Set.RemoveAll(Is), Add = edits.Add.RemoveAll(Is), Append = edits.Append.RemoveAll(Is) };
        return rest.Set.IsEmpty && rest.Add.IsEmpty && rest.Append.IsEmpty && rest.Remove.IsEmpty ? null : rest;

        bool Is(HeaderValueSpec value) => value.Name.Equals(header, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The later word on a header replaces the earlier one.</summary>
    private static HeaderEditsSpec Merge(HeaderEditsSpec? old, HeaderEditsSpec now)
    {
        if (old is null) return now;
        var names = now.Set.Concat(now.Add).Concat(now.Append).Select(h => h.Name).Concat(now.Remove).Select(n => n.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        bool Kept(string name) => !names.Contains(name.ToLowerInvariant());
        return new HeaderEditsSpec
        {
            Set = [.. old.Set.Where(h => Kept(h.Name)), .. now.Set],
            Add = [.. old.Add.Where(h => Kept(h.Name)), .. now.Add],
            Append = [.. old.Append.Where(h => Kept(h.Name)), .. now.Append],
            Remove = [.. old.Remove.Where(Kept), .. now.Remove],
        };
    }
}
