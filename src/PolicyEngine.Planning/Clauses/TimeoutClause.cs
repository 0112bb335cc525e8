using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.Timeouts;

namespace PolicyEngine.Planning.Clauses;

/// <summary>"a 2s timeout", "time out search after 500 ms", "search must answer within 1s", "raise the timeout of search to 3s", "remove the timeout".</summary>
internal sealed class TimeoutClause : IClause
{
    public Kind Kind => Kinds.Timeout;

    public int Recognises(IReadOnlyList<Token> tokens)
    {
        // "cut 10.0.0.1 off" is about who, not about how long.
        if (tokens.Has(TokenKind.Cidr) && !tokens.Has(TokenKind.Duration)) return 0;
        if (tokens.Has(Concept.Timeout) && !tokens.Has(Concept.PerTry) && !tokens.Has(Concept.Retry)) return 50;
        if (!tokens.Has(TokenKind.Cidr) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Percent) && !tokens.HasAny(Concept.Retry, Concept.Delay, Concept.PerTry, Concept.Abort, Concept.BackOff) && (TimeoutBounds.AreIn(tokens) || TimeoutBounds.IsOne(tokens))) return 50;
        // "give checkout 2 seconds to respond".
        if (tokens.Has(TokenKind.Duration) && tokens.HasAny(Concept.Answer, Concept.Allow) && !tokens.Has(TokenKind.Cidr) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Percent) && !tokens.Has(TokenKind.Path) && !tokens.HasAny(Concept.Retry, Concept.Delay, Concept.PerTry, Concept.Abort)) return 51;
        // "on /upload allow 1 minute", "exports may take 1 minute"; not "allow it for 1 minute".
        if (Enumerable.Range(1, Math.Max(0, tokens.Count - 1)).Any(i => Lasts(tokens, i)) && !tokens.Has(TokenKind.Cidr) && !tokens.Has(TokenKind.Rate) && !tokens.Has(TokenKind.Percent) && !(tokens.Has(Concept.Method) && tokens.Has(Concept.Allow) && !Enumerable.Range(1, tokens.Count - 1).Any(i => tokens[i].Kind == TokenKind.Duration && tokens[i - 1].Concept == Concept.Allow)) && !tokens.HasAny(Concept.Retry, Concept.Delay, Concept.PerTry, Concept.Abort, Concept.Not)) return 51;
        var bounded = tokens.HasAny(Concept.AtMost, Concept.Wait, Concept.Limit) || tokens.Any(t => t.Value == "within");
        if (Enumerable.Range(0, tokens.Count).Any(i => tokens[i].Kind == TokenKind.Duration && !Ending.IsSpan(tokens, i)) && bounded && !tokens.Has(TokenKind.Rate) && !tokens.HasAny(Concept.Delay, Concept.Retry, Concept.PerTry, Concept.BackOff) && !tokens.Any(t => t.Concept == Concept.Request && t.Kind == TokenKind.Word && tokens.Has(TokenKind.Number))) return 51;
        // "fail requests after 45 seconds", "cancel uploads after a minute".
        var span = tokens.ToList().FindIndex(t => t.Kind == TokenKind.Duration);
        if (span > 0 && tokens.Take(span).LastOrDefault(t => t.Concept is not Concept.Filler || t.Value == "after") is { Value: "after" or "at" } && (tokens.HasAny(Concept.Abort, Concept.Stop, Concept.Failing) || tokens.Any(t => t.Value is "cut" or "cuts" or "expire" or "expires")) && !tokens.Has(TokenKind.Percent) && !tokens.Has(Concept.Retry) && !tokens.Has(Concept.Back) && (tokens.Any(t => t.IsEntity || t.Kind is TokenKind.Path or TokenKind.Host) || tokens.HasAny(Concept.Request, Concept.Connect, Concept.It, Concept.Method)) && !tokens.Any(t => t.Concept == Concept.Until && !t.Value.StartsWith("expire", StringComparison.Ordinal))) return 51;
        // "orders requests get 4 seconds", "give checkout 500ms more".
        if (tokens.Count(t => t.Kind == TokenKind.Duration) == 1 && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Service or TokenKind.Duration or TokenKind.Host || t.Concept is Concept.Request or Concept.More or Concept.Less or Concept.Set or Concept.It or Concept.Per or Concept.Too || t.Value is "longer" or "shorter") && tokens.Has(TokenKind.Service) && (tokens.HasAny(Concept.More, Concept.Less) && tokens.Any(t => t.Kind == TokenKind.Duration && tokens.SkipWhile(n => !ReferenceEquals(n, t)).Skip(1).FirstOrDefault() is { Concept: Concept.More or Concept.Less }) || tokens.Any(t => t.Value is "get" or "gets" or "give" or "gives" || t.Value is "have" or "has" && IsAsked(tokens)) || tokens.Any(t => t.Value is "give" or "gets" or "get") && tokens.HasAny(Concept.More, Concept.Less))) return 45;
        if (Grants(tokens)) return 49;
        // "bump checkout from two seconds to three", "uploads get eight minutes instead of five".
        if (Exchanges(tokens)) return 45;
        // "double ledger's idle time".
        if (tokens.Has(Concept.Idle) && tokens.Has(TokenKind.Service) && tokens.HasAny(Concept.Double, Concept.Halve, Concept.Triple) && tokens.All(t => t.IsGlue || t.Kind == TokenKind.Service || t.Concept is Concept.Idle or Concept.Double or Concept.Halve or Concept.Triple or Concept.Timeout or Concept.Limit or Concept.Times)) return 40;
        return tokens.Has(Concept.Idle) && tokens.Has(TokenKind.Duration) || tokens.Has(Concept.Connect) && tokens.Has(TokenKind.Duration) && !tokens.Has(Concept.Retry) ? 40 : 0;
    }

    /// <summary>"give POST /orders/import 2 minutes", "10s for PUT requests to uploads": some requests, a time, and nothing else that it could be of.</summary>
    private static bool Grants(IReadOnlyList<Token> tokens) => tokens.Count(t => t.Kind == TokenKind.Duration) == 1 && (tokens.Has(TokenKind.Path) || tokens.Has(Concept.Method) || tokens.Has(TokenKind.HeaderName) || tokens.HasAny(Concept.Cookie, Concept.Query))
        && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Service or TokenKind.Duration or TokenKind.Path or TokenKind.HeaderName or TokenKind.Quoted || t is { Concept: Concept.If, Value: "when" or "where" or "if" } || t.Concept is Concept.Query or Concept.Only or Concept.Request or Concept.Method or Concept.Header or Concept.Cookie or Concept.Present or Concept.Path or Concept.Set or Concept.It)
        && tokens.Where((t, i) => t.Kind == TokenKind.HeaderName && tokens.Take(i).LastOrDefault(b => b.Concept is not (Concept.Filler or Concept.Header)) is not ({ Value: "with" or "for" } or { Text: "(" } or { Concept: Concept.Present or Concept.If })).FirstOrDefault() is null
        && (tokens.Any(t => t.Value is "give" or "gets" or "get" or "grant" or "has" or "have") && !tokens.Any(t => t.Concept == Concept.Set && t.Value is not ("give" or "grant")) || tokens.Has(Concept.Request) && tokens.FirstOrDefault(t => t.Concept is not Concept.Filler && t.Kind != TokenKind.Punctuation) is { Kind: TokenKind.Duration } time && tokens.SkipWhile(t => !ReferenceEquals(t, time)).Skip(1).FirstOrDefault() is { Value: "for" });

    /// <summary>"should have 2s"; "has 2s" says how it is.</summary>
    public static bool IsAsked(IReadOnlyList<Token> tokens) => tokens.Any(t => t.Value is "may" or "can" or "could" or "should" or "must" or "shall" or "to" or "let" or "want" or "like" or "please" or "would");

    /// <summary>"may take 1 minute", "runs for up to 1 minute"; of two times the one that is so.</summary>
    private static bool Lasts(IReadOnlyList<Token> tokens, int at)
    {
        if (tokens[at].Kind != TokenKind.Duration) return false;
        var before = at - 1;
        if (before > 0 && tokens[before].Value is "for" or "up to") before = tokens[before - 1].Value is "run" or "runs" or "take" or "last" or "lasts" ? before - 1 : before;
        // "cart takes 2s" says how it is.
        if (tokens[before].Value is "takes" or "runs" or "lasts" && !tokens.HasAny(Concept.AtMost, Concept.Timeout, Concept.Only, Concept.Not)) return false;
        return tokens[before].Value is "take" or "takes" or "run" or "runs" or "last" or "lasts" or "need" or "needs" or "use" or "spend" || tokens[before].Concept == Concept.Allow;
    }

    /// <summary>A service, the time that stands, the one that is to be, and nothing that says of what.</summary>
    private static bool Exchanges(IReadOnlyList<Token> tokens) => tokens.Has(TokenKind.Service) && (tokens.Count(t => t.Kind == TokenKind.Duration) == 1 && tokens.HasAny(Concept.Raise, Concept.Lower) && tokens.Where((t, i) => t.Kind == TokenKind.Duration && (tokens.ElementAtOrDefault(i - 1)?.Value is "to" or "by" || tokens.ElementAtOrDefault(i - 1) is { Concept: Concept.Raise or Concept.Lower, Value: "up" or "down" } || tokens.ElementAtOrDefault(i - 2) is { Concept: Concept.Raise or Concept.Lower, Value: "up" or "down" } || tokens.Has(Concept.Lower) && tokens.ElementAtOrDefault(i + 1) is { Concept: Concept.Off } or { Value: "from" or "away" or "away…" or "off…" })).Any() || tokens.Count(t => t.Kind == TokenKind.Duration) == 2) && (tokens.HasAny(Concept.Raise, Concept.Lower) || tokens.Any(t => t.Concept == Concept.InsteadOf) || tokens.Any(t => t.Value == "from") && tokens.Any(t => t.Value == "to"))
        && tokens.All(t => t.IsGlue || t.Kind is TokenKind.Service or TokenKind.Duration || t.Concept is Concept.InsteadOf or Concept.Raise or Concept.Lower or Concept.Set or Concept.Request or Concept.Older or Concept.More or Concept.Less or Concept.It or Concept.Instead or Concept.Next or Concept.Until);

    public void Apply(Phrase phrase, Draft draft)
    {
        if (TimeoutBounds.AreIn([.. phrase.Free]))
        {
            Bounds(phrase, draft);
            return;
        }
        // "kill requests that take longer than 2s" sets a time-out; it removes none.
        var bounds = phrase.Tokens.Any(t => t.Concept == Concept.Timeout && t.Text.EndsWith("than", StringComparison.OrdinalIgnoreCase)) || phrase.Has(Concept.If) || !phrase.Has(Concept.Timeout) && (phrase.Has(Concept.AtMost) || phrase.Has(TokenKind.Duration));
        // "eliminate slow requests: time out at 1s": what goes is requests.
        bounds |= phrase.Has(TokenKind.Duration) && phrase.Free.FirstOrDefault(t => t.Concept == Concept.Stop) is { } ends && phrase.Tokens.FirstOrDefault(t => t.Position > ends.Position && t.Concept is Concept.Request or Concept.Timeout) is { Concept: Concept.Request };
        if (bounds)
        {
            if (phrase.Free.FirstOrDefault(t => t.Value is "cut" or "cuts" or "expire" or "expires") is { } cut) phrase.Mark(cut);
            if (!phrase.Has(Concept.Stop) && !phrase.Has(Concept.Abort)) phrase.TakeNot(phrase.Has(Concept.If) ? [Concept.Answer, Concept.Promote] : [Concept.Timeout, Concept.Wait, Concept.AtMost]);
            // "… within 3s or be dropped", "no request may take longer than 3s".
            foreach (var or in phrase.Free.Where(t => t.Concept == Concept.Or).ToList())
                if (phrase.Tokens.Where(t => t.Position > or.Position).ToList() is var rest && rest.Exists(t => t.Concept is Concept.Stop or Concept.Abort or Concept.Failing or Concept.Timeout) && rest.TrueForAll(t => t.IsGlue || t.Concept is Concept.Stop or Concept.Abort or Concept.Failing or Concept.Timeout or Concept.It)) phrase.Mark(or);
            if (phrase.Free.FirstOrDefault(t => t is { Kind: TokenKind.Number, Value: "no" } && phrase.After(t) is { Concept: Concept.Request } || t is { Kind: TokenKind.Number, Value: "no" } && phrase.After(t, 2) is { Concept: Concept.Request }) is { } no) phrase.Mark(no);
            // "nothing on cart may take longer than 2s", "nobody waits longer than 2s for it".
            if (phrase.Free.Where(t => t.Concept == Concept.Not).ToList() is [{ Value: "nothing" or "nobody" or "no one" or "none of" } nothing] && phrase.Tokens.Any(t => t.Concept == Concept.Timeout && t.Position > nothing.Position && (t.Value.EndsWith("than", StringComparison.Ordinal) || t.Value.EndsWith("over", StringComparison.Ordinal)))) phrase.Mark(nothing);
            phrase.TakeAll(Concept.Stop, Concept.Abort, Concept.Failing, Concept.If);
        }
        // "There is no timeout on cart" says how it is.
        var tells = !IsAsked(phrase.Tokens) && phrase.Free.FirstOrDefault(t => t is { Kind: TokenKind.Number, Value: "no" }) is { } lacks && phrase.Governor(lacks) is { Kind: TokenKind.Service } && phrase.Tokens.Any(t => t.Value is "has" or "have" && t.Position < lacks.Position) || phrase.Tokens.Any(t => t.Value is "there's" || t.Value is "there" && phrase.After(t) is { Value: "is" or "isn't" or "are" });
        var none = !tells && !phrase.Has(TokenKind.Duration) && phrase.TakeNone(Concept.Timeout) && !phrase.Has(Concept.Stop);
        if (phrase.Free.Any(t => t.Concept == Concept.Stop && t.Value is "any more" or "anymore" or "no longer") && phrase.Free.Where(t => t.Concept == Concept.Not).ToList() is [var unneeded] && phrase.After(unneeded) is { Value: "need" or "want" or "require" }) phrase.Mark(unneeded);
        // "the request deadline, with idle and connect …": which of them?
        if (phrase.Free.Where(t => t.Concept is Concept.Idle or Concept.Connect && !IsOfIdle(t) || IsOfRequest(phrase, t)).Select(t => IsOfRequest(phrase, t) ? Concept.Timeout : t.Concept).Distinct().Count() > 1)
        {
            draft.Ask("bound", "Which time is meant: of the whole request, of silence on a stream, or of connecting? Say one at a time.", ["request", "idle", "connect"]);
            return;
        }
        // "every time-out that ledger has".
        if (AreAll(phrase))
            foreach (var every in phrase.Free.Where(t => t.Value is "every" or "each").ToList()) phrase.Mark(every);
        var (idle, connect) = (phrase.Take(Concept.Idle), phrase.Take(Concept.Connect));
        var change = Adjustment.Of(phrase, Concept.Timeout);
        if (change == Change.None && !phrase.Has(TokenKind.Duration) && phrase.Free.FirstOrDefault(t => t.Kind == TokenKind.Percent && t.Text.Equals("half", StringComparison.OrdinalIgnoreCase)) is { } half)
        {
            phrase.Mark(half);
            phrase.TakeAll(Concept.It);
            change = Change.Halve;
        }
        phrase.TakeAll(Concept.Timeout, Concept.Set, Concept.Wait, Concept.AtMost, Concept.Limit, Concept.Answer, Concept.Response, Concept.Send, Concept.Fully, Concept.Back, Concept.Instead, Concept.Allow, Concept.Only, Concept.Promote, Concept.Total);
        foreach (var time in phrase.Free.Where(t => t.Kind == TokenKind.Duration).ToList())
            for (var verb = phrase.Before(time); verb is { Kind: TokenKind.Word }; verb = phrase.Before(verb))
            {
                if (verb.Value is "last" or "lasts" or "spend") phrase.Mark(verb);
                if (verb.Value is not ("for" or "up to")) break;
            }
        if (idle) phrase.TakeAll(Concept.Connect, Concept.Idle);
        phrase.Take(t => t.Value == "new");
        // "… at 450ms for everyone": all requests, unless it says who else.
        foreach (var all in phrase.Free.Where(t => t.Concept == Concept.Everyone && phrase.PrepositionOf(t) is "for" && phrase.After(t) is null or { Kind: TokenKind.Punctuation }).ToList()) phrase.Mark(all);
        if (phrase.Free.FirstOrDefault(t => t.Concept == Concept.Older) is { } older && phrase.Tokens.Any(t => t.Concept == Concept.InsteadOf && t.Position < older.Position) && phrase.After(older) is { Kind: TokenKind.Duration }) phrase.Mark(older);
        var limits = change == Change.None && phrase.Tokens.Any(t => t.Concept is Concept.Limit or Concept.AtMost);
        var amounts = Amounts.Of(phrase, TokenKind.Duration);
        // "bounded by 2s".
        if (limits && amounts is { To: null, From: null, By: { } bound }) amounts = new Amounts(bound, null, null);
        decimal? times = null;
        var part = amounts.To is null ? Adjustment.PartOf(phrase, change, out times) : null;
        // "raise it to a third" lowers it.
        if (times is not null && change == Change.Raise)
        {
            draft.Ask("duration", "To a part of what it is, and yet more? How long may a request take?", ["500ms", "1s", "2s", "5s"]);
            return;
        }
        if (times is not null) change = Change.Double;
        if (Scoping.TargetOf(phrase, draft, "A time-out") is not { } target) return;
        var standing = draft.Current(Kind, target, change != Change.None, out var asked);
        if (asked) return;
        var old = standing?.Spec as TimeoutSpec;
        var was = idle ? old?.Idle : connect ? old?.Connect : old?.Request;
        if (amounts is { To: null, From: null, By: null } && part is null && change is not (Change.Remove or Change.Double or Change.Triple or Change.Halve))
        {
            StandingUnits.Durations(phrase, was);
            amounts = Amounts.Of(phrase, TokenKind.Duration);
        }
        // "all time-outs of ledger": of silence and of connecting as well.
        if (!idle && !connect && old is not null && new[] { old.Request, old.Idle, old.Connect }.Count(t => t is not null) > 1 && AreAll(phrase))
        {
            var factor = change switch { Change.Double => times ?? phrase.Factor, Change.Triple => 3, Change.Halve => 0.5m, _ => 0 };
            TimeSpan? Scaled(TimeSpan? time) => time is { } known ? TimeSpan.FromMilliseconds((long)Math.Round((decimal)known.TotalMilliseconds * factor)) : null;
            if (change == Change.Remove) draft.Remove(standing!);
            else if (factor > 0) draft.PutOver(standing, old with { Request = Scaled(old.Request), Idle = Scaled(old.Idle), Connect = Scaled(old.Connect) }, "timeout");
            else draft.Ask("bound", "Which time is meant: of the whole request, of silence on a stream, or of connecting? Say one at a time.", ["request", "idle", "connect"]);
            return;
        }
        var what = $"The {(idle ? "idle time-out" : connect ? "connect time-out" : "time-out")} of {target.Name}";
        if (change == Change.Remove || none && was is not null)
        {
            if (standing is null || was is null && (idle || connect)) draft.Ask("standing", $"No {(idle ? "idle " : connect ? "connect " : "")}time-out is set for {target}. What is to be removed?");
            else if (amounts.To is { } said && was != said.Duration) draft.Ask("standing", $"{what} is {Duration.Format(was ?? TimeSpan.Zero)}, not {said.Text}. Is it to go?");
            else if (was is not null && new[] { old!.Request, old.Idle, old.Connect }.Count(t => t is not null) > 1)
                draft.PutOver(standing, idle ? old with { Idle = null } : connect ? old with { Connect = null } : old with { Request = null }, "timeout");
            else draft.Remove(standing);
            return;
        }
        if (none)
        {
            draft.Put(Document.Of(draft.NewName(Kind, target, "timeout"), new TimeoutSpec { Target = target, Request = TimeSpan.Zero }));
            return;
        }
        // "cut the time-out 2s": by as much, or to that?
        if (change is Change.Raise or Change.Lower && amounts is { To: { } bare, From: null } && was is not null && phrase.Before(bare) is { Concept: Concept.Timeout } or { Kind: TokenKind.Service } && phrase.Tokens.FirstOrDefault(t => t.Concept is Concept.Raise or Concept.Lower) is { } shifts && shifts.Position < bare.Position && !shifts.Value.EndsWith("er", StringComparison.Ordinal))
        {
            draft.Ask("duration", $"{what} is {Duration.Format(was.Value)} now. By {bare.Text}, or to {bare.Text}?");
            return;
        }
        var questions = draft.Questions.Count;
        var milliseconds = Adjustment.Apply(change, Of(amounts.To), Of(amounts.From), Of(amounts.By), part, was is { } w ? (decimal)w.TotalMilliseconds : null, draft, what, m => Duration.Format(TimeSpan.FromMilliseconds((long)m)), times ?? phrase.Factor);
        if (milliseconds is not { } value)
        {
            if (draft.Questions.Count == questions) draft.Ask("duration", $"How long may a request to {target.Name} take?", ["500ms", "1s", "2s", "5s"]);
            return;
        }
        if (value == 0)
        {
            draft.Ask("duration", $"A time-out of nothing turns it off for {target.Name}. How long may a request take?", ["500ms", "1s", "2s", "5s"]);
            return;
        }
        if (connect && target.Scope != Scope.Service)
        {
            draft.Ask("service", "Connecting is to a service. To which?", draft.Catalog.Services.Keys);
            return;
        }
        TimeSpan? now = TimeSpan.FromMilliseconds((long)Math.Round(value));
        var spec = old ?? new TimeoutSpec { Target = target };
        draft.PutOver(standing, idle ? spec with { Idle = now } : connect ? spec with { Connect = now } : spec with { Request = now }, "timeout");
    }

    private static bool AreAll(Phrase phrase) => !phrase.Tokens.Any(t => t.Value is "request" or "requests") && phrase.Tokens.Any(t => t.Value is "all" or "all of" or "every" or "each" or "any of" && phrase.Tokens.FirstOrDefault(n => n.Position > t.Position && !n.IsEntity && n.Concept != Concept.Filler && n.Kind != TokenKind.Number) is { Concept: Concept.Timeout, Value: "timeout" or "timeouts" or "time-out" or "time-outs" or "deadline" or "deadlines" or "time limits" });

    /// <summary>"connections that are idle": of what it is.</summary>
    private static bool IsOfIdle(Token token) => token is { Concept: Concept.Connect, Value: "connection" or "connections" };

    /// <summary>"the request timeout"; "request and idle timeouts" are two.</summary>
    private static bool IsOfRequest(Phrase phrase, Token token) => token is { Concept: Concept.Request, Value: "request" } && (phrase.After(token) is { Concept: Concept.Separator } or { Text: "," or "/" or "&" } && phrase.After(token, 2) is { Concept: Concept.Idle or Concept.Connect } || phrase.Before(token) is { Concept: Concept.Separator } or { Text: "," or "/" or "&" } && phrase.Before(token, 2) is { Concept: Concept.Idle or Concept.Connect })
        || token.Concept == Concept.Timeout && token.Value is "request timeout" or "request deadline" or "request time limit" or "request timeouts" or "overall timeout";

    /// <summary>"request 12s, connect 1s": each is set, what is not named stays.</summary>
    private void Bounds(Phrase phrase, Draft draft)
    {
        var spec = TimeoutBounds.Take(phrase, new TimeoutSpec { Target = new Target() })!;
        phrase.TakeAll(Concept.Timeout, Concept.Set, Concept.AtMost, Concept.Limit, Concept.Instead, Concept.Only, Concept.Per, Concept.Wait, Concept.Total);
        foreach (var sign in phrase.Free.Where(t => t.Text == "/" || t.Value is "read" or "reads" or "say").ToList()) phrase.Mark(sign);
        if (Scoping.TargetOf(phrase, draft, "A time-out") is not { } target) return;
        var standing = draft.Current(Kind, target, false, out var asked);
        if (asked) return;
        if (spec.Connect is not null && target.Scope != Scope.Service)
        {
            draft.Ask("service", "Connecting is to a service. To which?", draft.Catalog.Services.Keys);
            return;
        }
        var old = standing?.Spec as TimeoutSpec ?? new TimeoutSpec { Target = target };
        draft.PutOver(standing, old with { Request = spec.Request ?? old.Request, Idle = spec.Idle ?? old.Idle, Connect = spec.Connect ?? old.Connect }, "timeout");
    }

    private static decimal? Of(Token? token) => token is null ? null : (decimal)token.Duration.TotalMilliseconds;
}
