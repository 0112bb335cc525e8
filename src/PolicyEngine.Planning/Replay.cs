using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning;

/// <summary>
/// A turn that only names other things for those of the sentence before ("same for orders", "and on search too", "actually v3", "I meant cart")
/// is that sentence again, with them in it: in addition where it says "same" or "too", in its place otherwise.
/// </summary>
internal static class Replay
{
    private static readonly TokenKind[] Things = [TokenKind.Service, TokenKind.Version, TokenKind.Gateway, TokenKind.Fleet, TokenKind.Cidr, TokenKind.Path];
    private static readonly TokenKind[] Values = [TokenKind.Percent, TokenKind.Duration, TokenKind.Rate, TokenKind.Number];

    /// <summary>Null where it is no such turn, or the sentence before has no one place for what it names.</summary>
    public static Plan? Of(List<Token> tokens, PlanRequest request, Func<PlanRequest, Action<Draft>, Plan> read)
    {
        var last = request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned);
        if (last is null) return null;
        var effective = Effective(request, request.Earlier.LastIndexOf(last));
        var before = Lexer.For(request.Catalog).Read(effective, request.Now, _ => false)[0];
        if (Amending.Of(tokens, last, effective, before, request, read) is { } amended) return amended;
        var content = tokens.Where(t => !t.IsGlue && !t.Is("but") && t.Concept is not (Concept.Set or Concept.It or Concept.Instead or Concept.ServiceNoun or Concept.VersionNoun or Concept.GatewayNoun)).ToList();
        // "and search?", "what about cart?"
        if (content is [{ Concept: Concept.Question, Value: "what about" or "how about" }, ..]) content.RemoveAt(0);
        // "not checkout, search": the first was wrong.
        var denied = content is [{ Concept: Concept.Not }, var wrong, _, ..] && Things.Contains(wrong.Kind) && !content.Skip(2).Any(t => t.Concept == Concept.Not) && Lexer.For(request.Catalog).Read(last.Intent, request.Now, _ => false)[0].Exists(t => t.Kind == wrong.Kind && t.Value == wrong.Value);
        if (denied) content.RemoveRange(0, 2);
        // "wrong service, I meant comments, not live".
        if (content.FindIndex(t => t.Value == "wrong") is var slip and >= 0) content.RemoveRange(slip, content.ElementAtOrDefault(slip + 1) is { Value: "one" } ? 2 : 1);
        var behind = content.FindIndex(t => t.Concept is Concept.Not or Concept.InsteadOf);
        if (!denied && behind > 0 && behind == content.Count - 2 && content.Take(behind).Any(t => t.Kind == content[^1].Kind && t.Value != content[^1].Value) && Things.Contains(content[^1].Kind) && Lexer.For(request.Catalog).Read(last.Intent, request.Now, _ => false)[0].Exists(t => t.Kind == content[^1].Kind && t.Value == content[^1].Value))
        {
            content.RemoveRange(behind, 2);
            denied = true;
        }
        var corrects = denied || tokens.Exists(t => t.Value is "actually" or "mean" or "meant" or "sorry" or "no" or "instead" or "wrong");
        var repeats = content.Exists(t => t.Concept is Concept.Same or Concept.Too) || !corrects && (content.Exists(t => t.Kind == TokenKind.Service) || tokens.FirstOrDefault() is { Value: "and" or "plus" });
        repeats |= !corrects && tokens.FirstOrDefault(t => t.Concept is not Concept.Filler) is { Concept: Concept.Set, Value: "add" or "include" or "append" };
        var negates = content.Exists(t => t.Concept == Concept.Not);
        var named = content.Where(t => t.Concept is not (Concept.Same or Concept.Too) && !(t is { Kind: TokenKind.Number, Value: "no" } && t.Text.Length == 2)).ToList();
        if (negates || named.Count == 0 || !named.Exists(t => Things.Contains(t.Kind)) || named.Exists(t => !Things.Contains(t.Kind) && !Values.Contains(t.Kind) || t.IsGuess)) return null;
        // "same for login's green and blue": shares that are all the same are of whatever versions there are.
        if (repeats && content.Exists(t => t.Concept == Concept.Same) && named.Exists(t => t.Kind == TokenKind.Service) && named.Count(t => t.Kind == TokenKind.Version) > 1 && IsEven(last)) return Evened(named, request, read);
        if (repeats && content.Exists(t => t.Concept is Concept.Same or Concept.Too) && !before.Exists(t => t.Kind == TokenKind.Service) && Amending.Copied(named, last, request) is { } copied) return copied;
        if (Substituted(before, named, effective, repeats) is not { } texts) return null;
        // What says all by itself is no repetition, unless it says that it is a correction.
        if (!corrects && !content.Exists(t => t.Concept is Concept.Same) && read(request, _ => { }).Status == PlanStatus.Planned) return null;
        // "only 10.4.0.0/16 may …", "and 10.5.0.0/16 as well": both are let in.
        if (repeats && named.TrueForAll(t => t.Kind == TokenKind.Cidr) && before.Where(t => t.Kind == TokenKind.Cidr).ToList() is [var range]) (texts, repeats) = ([Joined(effective, range, named)], false);
        var policies = repeats ? request.Policies : last.Before;
        var plans = new List<Plan>();
        foreach (var text in texts)
        {
            var plan = read(request with { Intent = text, Policies = policies }, _ => { });
            if (plan.Status != PlanStatus.Planned) return plan;
            plans.Add(plan);
            policies = policies.Apply(plan.Edits);
        }
        return EmbeddedPlanner.Finish(request, request.Policies.EditsTo(policies));
    }

    private static bool IsEven(PlanTurn last) => last.Plan.Edits.Select(e => e.Upserted?.Spec).ToList() is [TrafficSplitSpec { Target.Matches.IsEmpty: true } split] && split.Backends.Length > 1 && split.Backends.All(b => b.Weight == split.Backends[0].Weight);

    private static Plan? Evened(List<Token> named, PlanRequest request, Func<PlanRequest, Action<Draft>, Plan> read) => named.Where(t => t.Kind == TokenKind.Service).DistinctBy(t => t.Value).ToList() is [var service] && named.TrueForAll(t => t.Kind is TokenKind.Service or TokenKind.Version)
        && read(request with { Intent = $"split {service.Value} evenly between {string.Join(" and ", named.Where(t => t.Kind == TokenKind.Version).Select(t => t.Value))}" }, _ => { }) is { Status: PlanStatus.Planned } plan ? plan : null;

    /// <summary>The sentence with the new things in the places of the old; one sentence a service.</summary>
    private static List<string>? Substituted(List<Token> before, List<Token> named, string text, bool repeats)
    {
        var texts = new List<string> { text };
        var places = new List<(Token Old, List<Token> New)>();
        foreach (var group in named.GroupBy(t => t.Kind))
        {
            var old = before.Where(t => t.Kind == group.Key).ToList();
            // "and orders 5", behind "10%": of the same unit.
            if (group.Key == TokenKind.Number && old.Count == 0 && group.ToList() is [var plain] && before.Where(t => t.Kind is TokenKind.Percent or TokenKind.Duration or TokenKind.Rate).ToList() is [var value] && char.IsAsciiDigit(value.Text[0]))
            {
                places.Add((value, [plain with { Text = $"{plain.Number:0.####}{value.Text[value.Text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or ',').Count()..]}" }]));
                continue;
            }
            if (group.Key == TokenKind.Version && old.Count == 0 || old.DistinctBy(t => t.Value).Count() != 1) return null;
            if (group.Count() > 1 && !(group.Key == TokenKind.Service && repeats)) return null;
            places.AddRange(old.Select(o => (o, group.ToList())));
        }
        var many = places.Max(p => p.New.Count);
        return
        [
            .. Enumerable.Range(0, many).Select(n => places.OrderByDescending(p => p.Old.Position).Aggregate(text, (t, p) =>
            {
                var now = p.New[Math.Min(n, p.New.Count - 1)];
                var end = Math.Min(p.Old.End, t.Length);
                return t[..p.Old.Position] + (now.IsEntity || now.Kind == TokenKind.Version ? now.Value : now.Text) + (t[p.Old.Position..end].EndsWith("'s", StringComparison.Ordinal) ? "'s" : "") + t[end..];
            })),
        ];
    }

    private static string Joined(string text, Token range, List<Token> more) => $"{text[..range.Position]}{string.Join(" and ", more.Prepend(range).Select(t => t.Text))}{text[Math.Min(range.End, text.Length)..]}";

    /// <summary>What a turn said in full: an answer with its question's intent, a repetition with what it repeats.</summary>
    private static string Effective(PlanRequest request, int turn)
    {
        var earlier = request with { Intent = request.Earlier[turn].Intent, Earlier = request.Earlier[..turn] };
        return turn > 0 && request.Earlier[turn - 1].Plan.Status == PlanStatus.NeedsClarification ? Answering.Continued(earlier) : earlier.Intent;
    }
}
