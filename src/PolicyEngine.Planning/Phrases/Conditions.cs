using System.Collections.Immutable;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Views;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning.Phrases;

/// <summary>What narrows a clause to some requests: "with header x-beta: true", "for POST requests", "on /checkout/pay", "with cookie beta=1".</summary>
internal static class Conditions
{
    /// <summary>One match, all conditions together; empty where the clause speaks of every request.</summary>
    public static ImmutableArray<RequestMatch> Of(Phrase phrase)
    {
        var (cookies, queries) = (Named(phrase, Concept.Cookie), Named(phrase, Concept.Query));
        var headers = Headers(phrase);
        var methods = Methods(phrase, capitalsOnly: true);
        var path = phrase.Take(TokenKind.Path);
        if (path is not null) phrase.TakeAll(Concept.Path);
        if (headers.Count == 0 && methods.Count == 0 && path is null && cookies.Count == 0 && queries.Count == 0) return [];
        TakeWhoTheyAre(phrase);
        TakeJoints(phrase, path);
        // "employees (header x-employee present)": what the bracket says is who they are.
        if (phrase.Tokens.FirstOrDefault(t => t.Text == "(") is { } bracket && Enumerable.Range(1, 3).Any(i => phrase.After(bracket, i) is { } inside && phrase.IsTaken(inside)) && phrase.Before(bracket) is { Kind: TokenKind.Word, IsGuess: false, Concept: Concept.None or Concept.User } who) phrase.Mark(who);
        return [new RequestMatch { Headers = [.. headers], Cookies = [.. cookies], QueryParams = [.. queries], Methods = [.. methods], Path = path is null ? null : PathOf(path) }];
    }

    /// <summary>The "if" or "only for" that a condition stands behind, and the "below" of a path: the condition says it.</summary>
    private static void TakeJoints(Phrase phrase, Token? path)
    {
        foreach (var joint in phrase.Free.Where(t => t.Concept is Concept.If or Concept.Only || t.Concept == Concept.AtMost && t.Value == "below").ToList())
        {
            var next = phrase.After(joint);
            while (next is { Concept: Concept.Filler or Concept.Preposition or Concept.Path or Concept.Request or Concept.Present or Concept.Fully } && !phrase.IsTaken(next) || next is { Concept: Concept.AtMost, Value: "below" } || next is { Concept: Concept.Path or Concept.Filler }) next = phrase.After(next);
            if (next is not null && phrase.IsTaken(next) && (ReferenceEquals(next, path) || joint.Concept != Concept.AtMost && (next.Kind == TokenKind.HeaderName || next.Concept is Concept.Cookie or Concept.Query or Concept.Header or Concept.Method))) phrase.Mark(joint);
        }
    }

    /// <summary>"testers with header x-tester", "mobile users (header x-device: mobile)", "beta testers, i.e. x-beta=1": the condition says who an unknown word means. Of "german users with header x-beta" it does not.</summary>
    private static void TakeWhoTheyAre(Phrase phrase)
    {
        var first = phrase.Tokens.FirstOrDefault(t => phrase.IsTaken(t) && (t.Kind == TokenKind.HeaderName || t.Concept is Concept.Cookie or Concept.Query or Concept.Header));
        if (first is null) return;
        var (token, defines, steps) = (phrase.Before(first), false, 0);
        for (; token is not null && steps < 6 && (token.Concept is Concept.Filler && !(token.Value is "users" or "customers" or "people" or "clients" or "visitors") || token.Concept is Concept.Header or Concept.Present or Concept.Cookie or Concept.Query || token.Text is "(" or "," or "-" or "–" or "=" || token.Value is "with" or "by"); token = phrase.Before(token), steps++)
            defines |= token.Text is "(" || token.Value is "i.e" or "ie" or "namely" || token.Value is "that" && phrase.After(token) is { Value: "is" } || token.Text == "," && phrase.Before(first) is not { Value: "with" };
        var who = new List<Token>();
        for (; token is not null && who.Count < 3 && token is { Kind: TokenKind.Word, IsGuess: false } && (token.Concept is Concept.None or Concept.User || token.Concept is Concept.Client or Concept.Foreign or Concept.Noun && defines || token.Concept == Concept.Client && token.Value is "callers" or "clients" or "consumers" || token.Value is "users" or "customers" or "people" or "visitors"); token = phrase.Before(token)) who.Add(token);
        // "5% of checkout wombats with header x-beta": of what stands behind a name nobody knows what it adds.
        if (!defines && token is { IsEntity: true } or { Kind: TokenKind.Version }) return;
        if (steps == 0 || who.Count == 0 || !defines && (who.Count > 1 || who[0].Concept is not (Concept.None or Concept.Client))) return;
        foreach (var word in who) phrase.Mark(word);
    }

    /// <summary>"/a/*" and "/a" are all below; "exactly /a" is none of it.</summary>
    public static PathSpec PathOf(Token path) => OtherPaths.Of(path) is { } others ? new PathSpec { Regex = others } : path.IsExact ? new PathSpec { Exact = PrefixOf(path) } : new PathSpec { Prefix = PrefixOf(path) };

    /// <summary>The path without the sign that stands for what is below it.</summary>
    public static string PrefixOf(Token path)
    {
        var text = path.Value.EndsWith("/*", StringComparison.Ordinal) ? path.Value[..^2] : path.Value.EndsWith("/**", StringComparison.Ordinal) ? path.Value[..^3] : path.Value;
        return text.Length > 1 ? text.TrimEnd('/') : text.Length == 0 ? "/" : text;
    }

    public static List<string> Methods(Phrase phrase, bool capitalsOnly)
    {
        var methods = phrase.Free.Where(t => t.Concept == Concept.Method || !capitalsOnly && t.Value is "get" or "post" or "put" or "delete" or "patch" or "head" or "options").ToList();
        // "who get at it", "they get a 403": no method.
        methods.RemoveAll(t => t.Concept != Concept.Method && t.Value == "get" && phrase.After(t) is { } next && !(next.Kind == TokenKind.Punctuation || next.Value is "on" or "for" or "from" or "and" or "or" || next.Concept is Concept.Or or Concept.Request or Concept.Separator or Concept.Only || next.IsEntity));
        foreach (var method in methods) phrase.Mark(method);
        if (methods.Count > 1) phrase.TakeOr();
        return [.. methods.Select(m => m.Text.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Header conditions: a name that is written as one (x-…), or stands at the word header, with an optional value.</summary>
    public static List<NamedSpec> Headers(Phrase phrase)
    {
        var conditions = new List<NamedSpec>();
        foreach (var name in phrase.Free.Where(t => IsHeaderName(t, phrase)).ToList())
        {
            if (phrase.IsTaken(name)) continue;
            phrase.Mark(name);
            if (phrase.Before(name) is { Concept: Concept.Header } word) phrase.Mark(word);
            if (phrase.After(name) is { Concept: Concept.Header } behind) phrase.Mark(behind);
            var absent = phrase.Governor(name) is { Concept: Concept.Header } h ? phrase.Governor(h) : phrase.Governor(name);
            var without = absent is { Concept: Concept.Without };
            if (without) phrase.Mark(absent!);
            if (!without && PartOf(phrase, name) is var (sort, part))
            {
                var named = new NamedSpec { Name = name.Text.ToLowerInvariant().Trim('"', '`', '\'') };
                conditions.Add(sort switch { 'b' => named with { Prefix = part }, 'e' => named with { Suffix = part }, _ => named with { Contains = part } });
                continue;
            }
            var value = Value(phrase, name);
            conditions.Add(Alternatives.Of(phrase, name, new NamedSpec { Name = name.Text.ToLowerInvariant().Trim('"', '`', '\''), Exact = value, Present = value is null ? !without : null, Invert = without && value is not null }));
        }
        if (conditions.Count > 0) phrase.TakeAll(Concept.Present, Concept.Only);
        return [.. conditions.Select(Whatever)];
    }

    /// <summary>"x-scrape: *": whatever it says.</summary>
    private static NamedSpec Whatever(NamedSpec said) => said.Exact is "*" ? said with { Exact = null, Present = !said.Invert, Invert = false } : said;

    /// <summary>"accept-language starting with de", "user-agent contains curl": how the value begins or ends, or what it has in it.</summary>
    private static (char Sort, string Part)? PartOf(Phrase phrase, Token name)
    {
        var verb = phrase.After(name);
        while (verb is { Concept: Concept.Header } or { Value: "that" or "which" or "value" or "has" or "does" }) verb = phrase.After(verb);
        if (verb is null) return null;
        var sort = verb.Value is "starting" or "starts" or "beginning" or "begins" or "start" or "begin" && phrase.After(verb) is { Value: "with" } ? 'b' : verb.Value is "ends with" or "ending with" || verb.Value is "ending" or "ends" && phrase.After(verb) is { Value: "with" or "in" } ? 'e'
            : verb.Value is "contains" or "containing" or "contain" or "includes" or "including" or "include" or "mentions" or "mentioning" or "matches" or "matching" ? 'c' : '-';
        var with = sort is 'b' or 'e' && !verb.Value.Contains(' ') ? phrase.After(verb) : null;
        if (sort == '-' || sort == 'b' && with is not { Value: "with" } || verb.Value is "matches" or "matching") return null;
        var value = phrase.After(with ?? verb);
        while (value is { Kind: TokenKind.Word, Value: "the" or "a" or "word" or "text" or "string" or "value" }) value = phrase.After(value);
        if (value is not { Kind: TokenKind.Word or TokenKind.Quoted or TokenKind.Number } || value.Concept is Concept.Separator or Concept.Preposition) return null;
        // "containing Mobile Safari": of two words nobody knows where the value ends.
        if (value.Kind == TokenKind.Word && phrase.After(value) is { Kind: TokenKind.Word } next && next.Concept is Concept.None or Concept.Foreign or Concept.Filler && !(Sets.Aux.Contains(next.Value) || Sets.Modals.Contains(next.Value) || Sets.Copulas.Contains(next.Value) || next.Value is "now")) return null;
        for (var token = phrase.After(name); token is not null && !ReferenceEquals(token, value); token = phrase.After(token)) phrase.Mark(token);
        phrase.Mark(value);
        // "SmartTV/": what is written in one piece.
        var text = value.Kind == TokenKind.Quoted ? value.Value : value.Text;
        for (var (end, more) = (value.End, phrase.After(value)); more is not null && more.Position == end && (more.Kind == TokenKind.Path || more.Text is "-" or "/" or "_"); (end, more) = (more.End, phrase.After(more)))
        {
            text += more.Text;
            phrase.Mark(more);
        }
        return (sort, text);
    }

    public static bool IsHeaderName(Token token, Phrase phrase) =>
        token.Kind == TokenKind.HeaderName
        || Names(token) && phrase.After(token) is not { Kind: TokenKind.HeaderName } && phrase.Before(token) is not { Kind: TokenKind.HeaderName } && (phrase.Before(token) is { Concept: Concept.Header } word && phrase.Before(word) is not { Kind: TokenKind.HeaderName } || phrase.After(token) is { Concept: Concept.Header } && phrase.After(token, 2) is not { Kind: TokenKind.HeaderName })
            && !(phrase.Before(token) is { Kind: TokenKind.Punctuation } sign && sign.Text is ":" or "=");

    /// <summary>What stands behind a name and a sign: "x-env: prod", "x-env = prod", "x-env to prod", "x-env is prod", "x-env with value prod".</summary>
    public static string? Value(Phrase phrase, Token name)
    {
        var sign = phrase.After(name);
        if (sign is { Concept: Concept.Header }) sign = phrase.After(sign);
        if (sign is { Kind: TokenKind.Quoted } && !phrase.IsTaken(sign))
        {
            phrase.Mark(sign);
            return sign.Value;
        }
        if (sign is null) return null;
        var worded = sign.Is("with") || sign.Is("of") || sign.Is("has");
        if (!(sign.Text is ":" or "=" || sign.Value is "is" or "equals" or "equal" or "to" or "as" or "set" or "being" or "value" or "become" or "becomes" || worded)) return null;
        var value = phrase.After(sign);
        while (sign.Text is not (":" or "=") && value is not null && value.Value is "to" or "the" or "a" or "value" or "of") value = phrase.After(value);
        // "set x-ab to a for cart": a is the value.
        if (value is not null && value.Concept is Concept.Preposition or Concept.Separator && phrase.Before(value) is { Value: "a" } letter && !ReferenceEquals(letter, sign)) value = letter;
        if (worded && phrase.After(sign)?.Value is not ("value" or "the" or "a")) return null;
        if (worded && !Enumerable.Range(1, 3).Any(i => phrase.After(sign, i)?.Value == "value")) return null;
        if (value is null || value.Kind == TokenKind.Punctuation || phrase.IsTaken(value)) return null;
        // "unless x-lane is sent already".
        if (sign.Value is "is" or "being" && value is { Kind: TokenKind.Word, Value: "sent" or "set" or "present" or "there" or "given" or "missing" or "absent" or "empty" or "not" or "already" }) return null;
        // "add an x-trace header to search": search is where, not what.
        if (value.IsEntity && !phrase.Free.Any(t => t.IsEntity && !ReferenceEquals(t, value))) return null;
        phrase.Mark(sign);
        for (var between = phrase.After(sign); between is not null && !ReferenceEquals(between, value); between = phrase.After(between)) phrase.Mark(between);
        phrase.Mark(value);
        return value.Kind == TokenKind.Quoted ? value.Value : value.Text;
    }

    /// <summary>"cookie beta=1", "query parameter debug": the name behind the word, with an optional value.</summary>
    private static List<NamedSpec> Named(Phrase phrase, Concept concept)
    {
        var conditions = new List<NamedSpec>();
        foreach (var word in phrase.Free.Where(t => t.Concept == concept).ToList())
        {
            var behind = phrase.After(word);
            while (behind is { Concept: Concept.Filler or Concept.Present }) behind = phrase.After(behind);
            var name = new[] { behind, phrase.Before(word) }.FirstOrDefault(t => t is not null && !phrase.IsTaken(t) && (Names(t) || t.Kind == TokenKind.HeaderName || t.Kind == TokenKind.Word && ReferenceEquals(t, behind) && phrase.After(t) is { Text: "=" or ":" }));
            if (name is null) continue;
            phrase.Mark(word);
            phrase.Mark(name);
            var without = phrase.Governor(word) is { Concept: Concept.Without } none ? none : null;
            if (without is not null) phrase.Mark(without);
            var value = Value(phrase, name);
            conditions.Add(new NamedSpec { Name = name.Kind == TokenKind.Quoted ? name.Value : name.Text, Exact = value, Present = value is null ? without is null : null, Invert = without is not null && value is not null });
        }
        if (conditions.Count > 0) phrase.TakeAll(Concept.Present, Concept.Only);
        return [.. conditions.Select(Whatever)];
    }

    /// <summary>Whatever may be a name that only the person knows.</summary>
    private static bool Names(Token token) => token.Kind == TokenKind.Quoted || token.Kind == TokenKind.Word && (token.Concept is Concept.None or Concept.Foreign || token.IsGuess || token.Text.Contains('-')) || token.IsGuess;
}
