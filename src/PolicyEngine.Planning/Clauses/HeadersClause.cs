using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Planning.Views;
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
        var acts = tokens.Any(t => t.Concept == Concept.Stop || t.Concept == Concept.Set && t.Value is not ("use" or "uses" or "using" or "used")) || tokens.Any(t => t.Value.StartsWith("inject", StringComparison.Ordinal)) || Undoes(tokens);
        var other = tokens.Has(TokenKind.Rate) || tokens.Has(TokenKind.Percent) || tokens.Any(t => t.Concept == Concept.Abort && !t.Value.StartsWith("inject", StringComparison.Ordinal)) || tokens.HasAny(Concept.Limit, Concept.Deny, Concept.Retry, Concept.Timeout, Concept.Delay, Concept.Mirror, Concept.Redirect) || tokens.Has(Concept.Allow) && !tokens.Any(t => t.Kind == TokenKind.HeaderName && t.Value.StartsWith("access-control-", StringComparison.Ordinal)) || tokens.Has(Concept.Require) && !tokens.Has(Concept.Response)
            || tokens.Any(t => t.Concept is Concept.Answer && t.Value.Split(' ')[0] is "answer" or "answers") && !tokens.Has(TokenKind.Quoted) || tokens.HasAny(Concept.Answer, Concept.Failing) && tokens.Any(t => t.Kind == TokenKind.Number && t.Number is >= 400 and <= 599) || tokens.Has(TokenKind.Version) && tokens.HasAny(Concept.Send, Concept.Present);
        if (Restores(tokens)) return 49;
        if (!other && tokens.Has(Concept.Require) && tokens.Has(TokenKind.HeaderName) && tokens.Has(TokenKind.Quoted)) return 47;
        if (Withholds(tokens) is not null && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Version) && !tokens.HasAny(Concept.Retry, Concept.Timeout, Concept.Mirror, Concept.Limit)) return 50;
        return named && acts && !other ? 48 : !other && (States(tokens) || tokens.Has(TokenKind.HeaderName) && tokens.Any(t => t.Value == "be")) ? 20 : 0;
    }

    public void Apply(Phrase phrase, Draft draft)
    {
        var withheld = Withholds(phrase.Tokens);
        if (withheld is not null) phrase.Mark(withheld);
        if (phrase.Tokens.Any(t => t.Kind == TokenKind.HeaderName && t.Value.StartsWith("access-control-", StringComparison.Ordinal))) phrase.TakeAll(Concept.Allow);
        // "don't set x-env any more".
        if (phrase.Has(Concept.Stop)) phrase.TakeNot(Concept.Set, Concept.Send);
        phrase.Take(t => t is { Concept: Concept.Only, Value: "nothing else" });
        // "clean up responses: remove …".
        if (phrase.Free.Count(t => t.Concept == Concept.Stop) > 1) phrase.Take(t => t is { Concept: Concept.Stop, Value: "clean up" or "clean out" or "clear out" });
        var verb = phrase.Take(t => t.Concept == Concept.Stop) ?? phrase.Take(t => t.Concept == Concept.Set);
        phrase.TakeAll(Concept.Set, Concept.Abort);
        var removes = verb?.Concept == Concept.Stop || withheld is not null;
        var withdraws = withheld is null && HeaderEdits.Withdraws(phrase, verb) || Undoes(phrase.Tokens);
        if (withdraws) phrase.TakeAll(Concept.Undo, Concept.Back, Concept.Stop, Concept.Policy);
        removes |= withdraws;
        if (withheld is not null) phrase.TakeAll(Concept.Reach, Concept.Stop, Concept.Send, Concept.Present);
        // "no longer want x-env sent": what is no longer sent was set.
        var sent = removes && verb?.Value is "no longer" or "stop" or "quit" or "cease" && (phrase.Has(Concept.Send) || phrase.Tokens.Any(t => t is { Concept: Concept.Present, Value: "sending" or "passing" or "presenting" or "providing" or "supplying" } && ReferenceEquals(phrase.Before(t), verb)));
        if (sent) phrase.Take(t => t.Concept == Concept.Present && ReferenceEquals(phrase.Before(t), verb));
        // "no more x-env on storefront", "storefront needs no x-env any more".
        var lapses = verb is { Concept: Concept.Stop, Value: "no more" or "any more" or "anymore" or "no longer" };
        if (removes) phrase.TakeAll(Concept.Send, Concept.Off);
        // "stop injecting x-env": what is no longer put in was put in.
        var injected = removes && verb is not null && phrase.Tokens.Any(t => t.Value.StartsWith("inject", StringComparison.Ordinal) && t.Position > verb.Position) && verb.Value is "stop" or "no longer" or "quit" or "cease";
        // "remove x-env again", of what has just been set.
        var again = removes && phrase.Has(Concept.Back) && draft.Last?.Spec is HeadersSpec;
        if (again) phrase.TakeAll(Concept.Back);
        var restores = Restores(phrase.Tokens);
        if (restores) phrase.TakeAll(Concept.Allow, Concept.Back, Concept.Stop);
        if (verb is null) phrase.TakeAll(Concept.Present, Concept.Require, Concept.Send);
        var sides = (Request: phrase.Has(Concept.Request), Response: phrase.Has(Concept.Response) || phrase.Has(Concept.Answer));
        // "what search returns": its responses.
        if (sides.Response) phrase.Take(t => t is { Concept: Concept.Question, Value: "what" } && Enumerable.Range(1, 4).Any(i => phrase.After(t, i)?.Concept is Concept.Answer or Concept.Response));
        if (!sides.Request && !sides.Response && draft.Side is { } side) sides = (!side, side);
        phrase.TakeAll(Concept.Request, Concept.Response, Concept.Answer, Concept.Fully, Concept.Too);
        var names = phrase.Free.Where(t => Conditions.IsHeaderName(t, phrase) && !IsCondition(t, phrase)).ToList();
        if (names.Count == 0) names = [.. phrase.Free.Where(t => Conditions.IsHeaderName(t, phrase)).Take(1)];
        if (names.Count == 0)
        {
            if (removes && DropLast(phrase, draft) || !removes && ResetLast(phrase, draft)) return;
            draft.Ask("header", "Which header?");
            return;
        }
        // "two headers on responses: …": as many as are named.
        if (names.Count > 1 && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Number && t.Number == names.Count && Enumerable.Range(1, 3).Any(i => phrase.After(t, i) is { Concept: Concept.Header })) is { } count) phrase.Mark(count);
        foreach (var name in names) phrase.Mark(name);
        // "the password header x-password": what sort of header it is.
        if (names is [var described] && phrase.Before(described) is { Concept: Concept.Header } sort && phrase.Before(sort) is { Kind: TokenKind.Word, Concept: Concept.Foreign, IsGuess: false } adjective) phrase.Mark(adjective);
        var values = removes || restores ? [] : names.Select(n => Conditions.Value(phrase, n)).ToList();
        if (values is [null]) values = [phrase.Take(TokenKind.Quoted)?.Value ?? ValueElsewhere(phrase, names[0])];
        var was = names.Count == 1 && phrase.Free.FirstOrDefault(t => t.Concept == Concept.InsteadOf) is { } instead && phrase.After(instead) is { Kind: TokenKind.Word or TokenKind.Quoted or TokenKind.Number } former ? (Word: instead, Value: former) : ((Token Word, Token Value)?)null;
        if (was is { } words)
        {
            phrase.Mark(words.Word);
            phrase.Mark(words.Value);
        }
        phrase.TakeAll(Concept.Header);
        // "must not carry a or b": neither.
        if (removes && names.Count > 1)
            foreach (var or in phrase.Free.Where(t => t.Concept == Concept.Or && t.Position > names[0].Position && t.Position < names[^1].Position).ToList()) phrase.Mark(or);
        if (names.Count > 1 && (values.Contains(null) || values.Count == 0 && !AreJoined(phrase, names)))
        {
            draft.Ask("header", $"One header at a time: {string.Join(" or ", names.Select(n => n.Text))}?");
            return;
        }
        if (values.Contains(null))
        {
            draft.Ask("value", $"What is the value of header {names[0].Text}?");
            return;
        }
        // "… is set to prod. Change it to dev": two values.
        if (values.Count > 0 && phrase.Tokens.Any(t => t.Concept == Concept.Filler && phrase.Before(t) is { Value: "to" } && phrase.Before(t, 2) is { Concept: Concept.It }))
        {
            draft.Ask("value", $"What is the value of header {names[0].Text}?");
            return;
        }
        if (sides is { Request: true, Response: true })
        {
            draft.Ask("side", "Of the request or of the response? Say one thing at a time.", ["request", "response"]);
            return;
        }
        if (Scoping.TargetOf(phrase, draft, "Headers are changed") is not { } target) return;
        var headers = names.Select(n => (n.Kind == TokenKind.Quoted ? n.Value : n.Text).ToLowerInvariant()).ToList();
        var standing = draft.Current(Kind, target, false, out var asked);
        if (asked) return;
        var old = standing?.Spec as HeadersSpec;
        if (withdraws)
        {
            HeaderEdits.Withdraw(draft, standing, headers, sides.Request == sides.Response ? null : sides.Response, target);
            return;
        }
        bool IsAnswered(string h) => HeaderEdits.Touches(old?.Response, h) && !HeaderEdits.Touches(old?.Request, h) || !HeaderEdits.Touches(old?.Request, h) && IsOfResponses(h);
        var response = sides.Response || !sides.Request && headers.TrueForAll(IsAnswered);
        var now = response ? old?.Response : old?.Request;
        var before = was?.Value is { Kind: TokenKind.Quoted } quoted ? quoted.Value : was?.Value.Text;
        if (before is not null && now?.Set.Concat(now.Add).Concat(now.Append).Any(h => h.Name.Equals(headers[0], StringComparison.OrdinalIgnoreCase) && h.Value.Equals(before, StringComparison.OrdinalIgnoreCase)) != true)
        {
            draft.Ask("standing", $"{headers[0]} is not set to {before} on {target.Name}. What is it to be?");
            return;
        }
        // "stop adding x-team": what a policy adds is no longer added; "let x-debug through again": what it takes away stays.
        if (sides.Request || sides.Response) draft.Side = response;
        if (removes && lapses && !target.Matches.IsEmpty && standing is null && draft.Standing(Kind, target with { Matches = [] }).Exists(d => d.Spec is HeadersSpec all && headers.Exists(h => HeaderEdits.Adds(response ? all.Response : all.Request, h))))
        {
            draft.Ask("standing", $"{string.Join(" and ", headers)} is set for all of {target.Name}. Is it to be taken out of these, or no longer set at all?");
            return;
        }
        var ends = removes && lapses && headers.TrueForAll(h => HeaderEdits.Adds(now, h)) || removes && withheld is null && (again && headers.TrueForAll(h => HeaderEdits.Adds(now, h)) || sent && headers.TrueForAll(h => HeaderEdits.Adds(now, h)) || injected || phrase.Tokens.Any(t => t.Concept == Concept.Set || t.Value == "setting" && ReferenceEquals(phrase.Before(t), verb)));
        if (restores || ends && (again || verb!.Value is "stop" or "no longer" or "cease" or "quit" || headers.TrueForAll(h => HeaderEdits.Adds(now, h))))
        {
            if (!headers.TrueForAll(h => restores ? now?.Remove.Contains(h, StringComparer.OrdinalIgnoreCase) == true : HeaderEdits.Adds(now, h)))
            {
                draft.Ask("standing", $"Nothing that stands {(restores ? "takes away" : "sets")} {string.Join(" and ", headers)} {(response ? "on responses" : "on requests")} of {target.Name}. What is to be changed?");
                return;
            }
            var less = headers.Aggregate(now, (edits, h) => HeaderEdits.Without(edits, h));
            var rest = response ? old! with { Response = less } : old! with { Request = less };
            // Headers of several policies come together: laid over it, it would take nothing back.
            if (draft.Ends is not null) draft.Ask("until", $"What {standing!.Id} does would come back later: that cannot be planned. Is it to end for good?");
            if (rest.Request is null && rest.Response is null) draft.Remove(standing!);
            else draft.PutOver(standing, rest, "headers");
            return;
        }
        var pairs = removes ? [] : headers.Zip(values, (h, v) => new HeaderValueSpec { Name = h, Value = v! }).ToList();
        HeaderEditsSpec Edits(Func<string, bool> of) => (removes, Verb(verb)) switch
        {
            (true, _) => new HeaderEditsSpec { Remove = [.. headers.Where(of)] },
            (_, "append") => new HeaderEditsSpec { Append = [.. pairs.Where(p => of(p.Name))] },
            (_, "add") => new HeaderEditsSpec { Add = [.. pairs.Where(p => of(p.Name))] },
            _ => new HeaderEditsSpec { Set = [.. pairs.Where(p => of(p.Name))] },
        };
        var spec = old ?? new HeadersSpec { Target = target };
        // "x-env to dev and x-frame-options to DENY": each where it belongs.
        var both = !sides.Request && !sides.Response && !response && headers.Exists(IsAnswered);
        draft.PutOver(standing, both ? spec with { Request = HeaderEdits.Merge(spec.Request, Edits(h => !IsAnswered(h))), Response = HeaderEdits.Merge(spec.Response, Edits(IsAnswered)) }
            : response ? spec with { Response = HeaderEdits.Merge(spec.Response, Edits(_ => true)) } : spec with { Request = HeaderEdits.Merge(spec.Request, Edits(_ => true)) }, "headers");
    }

    /// <summary>"roll back the header x-env", "put the server header back": what was done to it is undone.</summary>
    private static bool Undoes(IReadOnlyList<Token> tokens) => tokens.Has(Concept.Undo) && !tokens.Has(TokenKind.Version) && !tokens.Has(TokenKind.Quoted) && !tokens.Has(TokenKind.Percent) && !tokens.HasAny(Concept.Not, Concept.Newer, Concept.Older, Concept.Canary, Concept.Fully);

    /// <summary>"make that staging", "change it to staging": the one header that was set last has another value.</summary>
    private static bool ResetLast(Phrase phrase, Draft draft)
    {
        if (draft.Last is not { Spec: HeadersSpec spec } last || new[] { spec.Request, spec.Response }.OfType<HeaderEditsSpec>().ToList() is not [{ Remove.IsEmpty: true } edits] || edits.Set.Length + edits.Add.Length + edits.Append.Length != 1) return false;
        if (!phrase.Tokens.Any(t => t.Concept is Concept.It or Concept.Header || t.Value is "that") || phrase.Free.Where(t => !t.IsGlue && t.Concept is not (Concept.It or Concept.Set or Concept.Instead or Concept.Header)).ToList() is not [{ Kind: TokenKind.Word or TokenKind.Quoted, Concept: Concept.None or Concept.Foreign or Concept.Send or Concept.Canary or Concept.Newer, IsGuess: false } value]) return false;
        phrase.Mark(value);
        phrase.TakeAll(Concept.It, Concept.Set, Concept.Instead, Concept.Header);
        HeaderValueSpec Now(HeaderValueSpec h) => h with { Value = value.Kind == TokenKind.Quoted ? value.Value : value.Text };
        var now = edits with { Set = [.. edits.Set.Select(Now)], Add = [.. edits.Add.Select(Now)], Append = [.. edits.Append.Select(Now)] };
        draft.Put(last.With(spec.Request is null ? spec with { Response = now } : spec with { Request = now }));
        return true;
    }

    /// <summary>"drop the header again": the one header of what was put last.</summary>
    private static bool DropLast(Phrase phrase, Draft draft)
    {
        if (draft.Last is not { Spec: HeadersSpec spec } last || phrase.Free.Any(t => t.IsEntity && t.Value != spec.Target.Name) || phrase.Tokens.Count(t => t.Concept == Concept.Header) != 1) return false;
        var touched = new[] { spec.Request, spec.Response }.OfType<HeaderEditsSpec>().SelectMany(e => e.Set.Concat(e.Add).Concat(e.Append).Select(h => h.Name).Concat(e.Remove)).ToList();
        if (touched.Count != 1) return false;
        phrase.TakeAll(Concept.Header, Concept.Back, Concept.It);
        phrase.Take(t => t.IsEntity);
        draft.Remove(last);
        return true;
    }

    /// <summary>"orders requests should carry x-team: payments": how it is to be, with a name, a sign and a value, and no condition.</summary>
    private static bool States(IReadOnlyList<Token> tokens) => tokens.Select((t, i) => (Token: t, At: i)).Where(t => t.Token.Kind == TokenKind.HeaderName).ToList() is { Count: > 0 } names && tokens.Any(t => t.Kind == TokenKind.Quoted) && !tokens.Has(TokenKind.Version) && tokens.Select((t, i) => t.Kind != TokenKind.Duration || Ending.IsSpan(tokens, i)).All(holds => holds) && !tokens.Has(TokenKind.Path) && !SaysWho(tokens)
        // "the batch job sends x-client: batch, it may …": who they are.
        && !tokens.Any(t => t.Value == "sends" && tokens.SkipWhile(n => !ReferenceEquals(n, t)).Skip(1).FirstOrDefault(n => n.Concept is not (Concept.Filler or Concept.Header)) is { Kind: TokenKind.HeaderName })
        && names.TrueForAll(n => tokens.Take(n.At).Where(t => t.Concept is not (Concept.Filler or Concept.Header)).TakeLast(2).ToList() is var before && !(before.LastOrDefault() is { Value: "with" or "for" or "where" or "if" or "from" or "by" } or { Concept: Concept.Without or Concept.If or Concept.Not } && !(before is [{ Concept: Concept.Answer }, { Value: "with" }])) && !(before.LastOrDefault() is { Concept: Concept.Present } has && (has.Value.EndsWith("ing", StringComparison.Ordinal) || has.Value.Contains(' '))));

    /// <summary>"crawlers send user-agent: bot": who they are, and nothing to be done.</summary>
    private static bool SaysWho(IReadOnlyList<Token> tokens) => tokens.HasAny(Concept.Send, Concept.Present) && !tokens.HasAny(Concept.Request, Concept.Response, Concept.Set, Concept.Answer, Concept.Require, Concept.Too) && !tokens.Any(t => t.IsEntity || t.Value is "should" or "must" or "shall" or "may" or "to be" or "needs to" or "need to")
        && tokens.TakeWhile(t => t.Concept is not (Concept.Send or Concept.Present)).Any(t => t.Kind == TokenKind.Word && (Sets.Consumers.Contains(t.Value) || t.Concept is Concept.None or Concept.Foreign or Concept.User or Concept.Client || t.Concept == Concept.Filler && t.Value.EndsWith("ers", StringComparison.Ordinal)));

    /// <summary>"let x-debug through again", "stop removing x-debug".</summary>
    private static bool Restores(IReadOnlyList<Token> tokens) => (tokens.Count(t => t.Kind == TokenKind.HeaderName) == 1 || tokens.Has(Concept.Header)) && !tokens.Has(TokenKind.Cidr) && !tokens.Has(TokenKind.Rate) && !tokens.Has(Concept.Method) && !tokens.Has(Concept.Set) && !tokens.Has(TokenKind.Quoted)
        && (tokens.Any(t => t is { Concept: Concept.Allow, Value: "let through" or "allow through" }) && tokens.Has(Concept.Back) || tokens.Count(t => t.Concept == Concept.Stop) == 2 && tokens.First(t => t.Concept == Concept.Stop) is { Value: "stop" or "no longer" });

    /// <summary>"x-legacy must not reach payments", "orders should not see the cookie header": a header that is kept from a service is taken away. Not "requests with x-bot must not reach search".</summary>
    private static Token? Withholds(IReadOnlyList<Token> tokens)
    {
        var names = tokens.Select((t, i) => (Token: t, At: i)).Where(t => t.Token.Kind == TokenKind.HeaderName).ToList();
        if (names.Count == 0 || tokens.Has(TokenKind.Quoted) || tokens.Has(TokenKind.Cidr) || tokens.Has(Concept.Method) || tokens.Has(TokenKind.Path)) return null;
        if (!names.TrueForAll(n => tokens.Take(n.At).LastOrDefault(t => t.Concept is not (Concept.Filler or Concept.Header or Concept.Separator) && t.Kind is not (TokenKind.HeaderName or TokenKind.Punctuation)) is not ({ Value: "with" or "for" or "where" or "of" } or { Concept: Concept.Present or Concept.Without or Concept.If or Concept.Request }) || tokens.Has(Concept.Response))) return null;
        // "responses without the server header", "no server header".
        if (tokens.Has(Concept.Response) && tokens.FirstOrDefault(t => t.Concept == Concept.Without) is { } without) return without;
        if (names.Count == 1 && tokens.Take(names[0].At).LastOrDefault(t => t.Concept is not (Concept.Filler or Concept.Header)) is { Kind: TokenKind.Number, Value: "no" } none) return none;
        if (tokens.FirstOrDefault(t => t is { Concept: Concept.Deny, Value: "must not see" }) is { } unseen) return unseen;
        var not = tokens.ToList().FindIndex(t => t.Concept == Concept.Not);
        return not >= 0 && tokens.Skip(not + 1).FirstOrDefault(t => t.Concept is not Concept.Filler || t.Value is "get" or "be") is { Concept: Concept.Reach or Concept.Send or Concept.Present or Concept.Answer } or { Value: "see" or "get" or "receive" or "reach" or "arrive" or "be" } ? tokens[not] : null;
    }

    private static bool IsCondition(Token name, Phrase phrase) =>
        (phrase.Governor(name) is { Concept: Concept.Header } h ? phrase.Governor(h) : phrase.Governor(name)) is { Value: "with" or "for" or "where" or "if" } or { Concept: Concept.Present or Concept.Without or Concept.If };

    /// <summary>Nothing but joints between them.</summary>
    private static bool AreJoined(Phrase phrase, List<Token> names) => names.Zip(names.Skip(1), (a, b) => phrase.Tokens.Where(t => t.Position > a.Position && t.Position < b.Position).ToList()).All(between =>
        between.Exists(t => t.Concept == Concept.Separator || t.Text is "," or "&" || phrase.IsTaken(t) && t.Concept == Concept.Or) && between.TrueForAll(t => t.Concept is Concept.Separator or Concept.Or or Concept.Filler or Concept.Header || t.Text is "," or "&"));

    /// <summary>Means nothing on a request, or nobody puts it there.</summary>
    private static bool IsOfResponses(string header) => header is "cache-control" or "cdn-cache-control" or "surrogate-control" or "content-disposition" or "x-robots-tag" or "x-aspnet-version" or "x-aspnetmvc-version" or "x-permitted-cross-domain-policies" or "expires" or "feature-policy" or "expect-ct" or "x-frame-options" or "strict-transport-security" or "set-cookie" or "server" or "content-security-policy" or "referrer-policy" or "permissions-policy" or "x-content-type-options" or "x-powered-by" or "x-xss-protection" or "etag" or "www-authenticate" or "retry-after" or "last-modified" or "vary" or "alt-svc"
        || header.StartsWith("access-control-allow-", StringComparison.Ordinal) || header.StartsWith("access-control-expose-", StringComparison.Ordinal) || header.StartsWith("cross-origin-", StringComparison.Ordinal);

    private static string Verb(Token? verb) => verb?.Value.Split(' ')[0] switch
    {
        "append" or "appends" or "appending" => "append",
        "add" or "adds" or "adding" or "added" or "insert" or "attach" => "add",
        _ => "set",
    };

    /// <summary>"add the value prod as header x-env", "set x-env on checkout to prod".</summary>
    private static string? ValueElsewhere(Phrase phrase, Token name)
    {
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.None && t.Kind is TokenKind.Word or TokenKind.Number or TokenKind.Version && !ReferenceEquals(t, name) && (phrase.Before(t)?.Value is "value" || phrase.Before(t)?.Value is "be" or "to" && t.Position > name.Position)) is not { } value || HeaderValues.IsFate(value.Value)) return null;
        // What is written in one piece is one value, and nobody cuts it.
        if (phrase.After(value) is { } glued && glued.Position == value.End && !(glued.Text is "." or "," or ";" or ":" or "!" or "?" or ")" && (phrase.After(glued) is not { } behind || behind.Position > glued.End))) return null;
        phrase.Mark(value);
        return value.Text;
    }
}
