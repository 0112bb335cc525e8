using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies.Headers;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"set header x-env: prod on checkout", "remove the response header server from orders", "add x-team: payments to requests to checkout".</summary>
internal sealed class HeadersClause : IClause
{
    public int Recognises(IReadOnlyList<Token> tokens)
    {
        var named = tokens.Has(Concept.Header) || tokens.Has(TokenKind.HeaderName);
        var acts = tokens.Has(Concept.Set) || tokens.Has(Concept.Stop);
        var other = tokens.Any(t => t.Concept is Concept.Send or Concept.Limit or Concept.Deny or Concept.Allow or Concept.Retry or Concept.Timeout or Concept.Delay or Concept.Abort or Concept.Mirror or Concept.Redirect or Concept.Answer);
        return named && acts && !other ? 48 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        var verb = phrase.Take(t => t.Concept is Concept.Set or Concept.Stop);
        var removes = verb?.Concept == Concept.Stop;
        var response = phrase.Take(Concept.Response);
        phrase.TakeAll(Concept.Request, Concept.Response);
        var name = phrase.Free.FirstOrDefault(t => Scoping.IsHeaderName(t, phrase)) ?? (phrase.Tokens.FirstOrDefault(t => t.Concept == Concept.Header) is { } word && phrase.Before(word) is { Kind: TokenKind.Word or TokenKind.Quoted, Concept: Concept.None } before ? before : null);
        if (name is null)
        {
            draft.Ask("header", "Which header?");
            return;
        }
        phrase.Mark(name);
        phrase.TakeAll(Concept.Header);
        var value = removes ? null : Scoping.Value(phrase, name) ?? (phrase.Take(TokenKind.Quoted)?.Value);
        if (!removes && value is null)
        {
            draft.Ask("value", $"What is the value of header {name.Text}?");
            return;
        }
        if (Scoping.TargetOf(phrase, draft, "Headers are changed") is not { } target) return;
        var header = name.Kind == TokenKind.Quoted ? name.Value : name.Text.ToLowerInvariant();
        var edits = (removes, verb?.Value) switch
        {
            (true, _) => new HeaderEditsSpec { Remove = [header] },
            (_, "append") => new HeaderEditsSpec { Append = [new HeaderValueSpec { Name = header, Value = value! }] },
            (_, "add" or "insert") => new HeaderEditsSpec { Add = [new HeaderValueSpec { Name = header, Value = value! }] },
            _ => new HeaderEditsSpec { Set = [new HeaderValueSpec { Name = header, Value = value! }] },
        };
        var spec = new HeadersSpec { Target = target, Request = response ? null : edits, Response = response ? edits : null };
        draft.PutOrReplace(spec, "headers", merge: (o, n) => o with { Request = Merge(o.Request, n.Request), Response = Merge(o.Response, n.Response) });
    }

    /// <summary>The later word on a header replaces the earlier one.</summary>
    private static HeaderEditsSpec? Merge(HeaderEditsSpec? old, HeaderEditsSpec? now)
    {
        if (old is null || now is null) return now ?? old;
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
