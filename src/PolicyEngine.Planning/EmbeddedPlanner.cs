using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Learned;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Models.Judging;
using PolicyEngine.Planning.Paraphrasing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Planning.Views;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Planning;

/// <summary>
/// Plain English without a model: a lexicon, the names of the catalog, and a clause grammar a feature. Every word is in the plan, or is asked
/// about; in doubt it asks. The same request gives the same plan.
/// </summary>
public sealed partial class EmbeddedPlanner : IPlanner
{
    public const string Version = "7";

    internal const string OutOfScope = "That is none of my business: I plan traffic policies (splits, time-outs, retries, rate limits, authorization, mirrors, faults, headers, routes).";

    public string Name => "embedded";

    public Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) => Task.FromResult(Plan(request));

    public static Plan Plan(PlanRequest request)
    {
        if (request.Intent.Length > PlanRequest.LongestIntent) return Refused(request, $"The intent is {request.Intent.Length:N0} characters long; at most {PlanRequest.LongestIntent:N0} are read ({DiagnosticCatalogue.IntentTooLong.Code}). Say it in a sentence or a few.");
        if (string.IsNullOrWhiteSpace(request.Intent)) return Asked(request, [new Question("intent", "What would you like to change?", [])], "Nothing was planned yet.");
        if (request.Intent.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format))
            return Refused(request, "The intent has control characters in it. Please write it in plain text.");
        var plan = Reservations.Asked(request.Intent, Conversation.Plan(request, Grammatical));
        if (plan.Status == PlanStatus.Planned && Overlooked.Of(request.Intent, Lexer.For(request.Catalog).First(request.Intent, request.Now, w => IsDocument(request, w)), plan) is { } open) plan = Asked(request, [new Question("overlooked", $"I would plan: {plan.Summary.TrimEnd('.')}. {open}", [])], "Nothing was planned yet.");
        plan = Doubts.Asked(request, plan);
        if (plan.Status == PlanStatus.Planned && Unheard.IsBelow(request.Intent, plan)) plan = Asked(request, [new Question("path", $"I would plan: {plan.Summary.TrimEnd('.')}. What becomes of what is below that path?", [])], "Nothing was planned yet.");
        if (IsOpen(plan) && !(request.Earlier.Length > 0 && request.Earlier[^1].Plan.Status == PlanStatus.NeedsClarification)) plan = Offered(request, plan);
        // What was planned is what was said in this turn, whatever text was read for it.
        return plan with { Provenance = plan.Provenance with { Intent = Revision.Of(request.Intent) } };
    }

    /// <summary>What the grammar makes of it, without what was learnt.</summary>
    internal static Plan Grammatical(PlanRequest request) => Grammatical(request, _ => { });

    /// <summary>As it stands; or, where that is not understood, the nearest other way to read it that gives a plan.</summary>
    private static Plan Grammatical(PlanRequest request, Action<Draft> context)
    {
        var (lexer, known) = (Lexer.For(request.Catalog), new Dictionary<string, List<List<Token>>>(StringComparer.Ordinal));
        List<List<Token>> Lexed(string text) => known.TryGetValue(text, out var read) ? read : known[text] = lexer.Read(text, request.Now, w => IsDocument(request, w));
        var first = new Dictionary<string, IReadOnlyList<Token>>(StringComparer.Ordinal);
        IReadOnlyList<Token> First(string text) => known.TryGetValue(text, out var read) ? read[0] : first.TryGetValue(text, out var only) ? only : first[text] = lexer.First(text, request.Now, w => IsDocument(request, w));
        request = request with { Intent = Rephrasing.First(request.Intent) };
        var plan = Every(request, Lexed(request.Intent), context);
        if (plan.Status == PlanStatus.Planned) return plan;
        if (plan.Status == PlanStatus.Refused && !plan.Reasons.Contains(OutOfScope))
        {
            // "They should be denied": who they are, another sentence says. "The rest stays open": it is open.
            var meant = Viewing.Meant(request.Intent, First).Select(v => Every(request with { Intent = v.Text }, Lexed(v.Text), context) is { Status: PlanStatus.Planned } known ? known with { Summary = known.Summary + Told(v) } : null);
            return meant.FirstOrDefault(p => p is not null) ?? plan;
        }
        var understood = IsUnderstood(plan);
        foreach (var view in Viewing.Of(request.Intent, First))
        {
            // What is understood and in doubt stays a question, whatever is said around it.
            if (understood && !view.Background.IsEmpty && !view.IsStory) continue;
            var other = Every(request with { Intent = view.Text }, Lexed(view.Text), draft =>
            {
                context(draft);
                if (view.Topic is { } topic) draft.Target = Target.OfService(topic.Value);
            });
            if (other.Status == PlanStatus.Planned && !view.Features.All(f => KindWords.AreOf(other.Edits, f))) continue;
            if (other.Status == PlanStatus.Planned && !Retained.Stand(view, other.Edits, request.Policies)) continue;
            // "Checkout with cookie tester=1: all to v2": whoever it is about is no talk.
            if (other.Status == PlanStatus.Planned && view.Background.Any(b => IsCondition(First(b))) && other.Edits.All(e => e.Upserted?.Spec is TargetedSpec { Target.Matches.IsEmpty: true })) continue;
            if (other.Status == PlanStatus.Planned && view.Background.Any(b => First(b).All(t => t.Concept == Concept.Not || t.Value is "included" or "excluded" or "counted" or "exempt" or "ruled" or "left" or "out" or "affected"))) continue;
            // "…, /embed keeps what it has", "partners host not affected": an exception is no talk.
            if (other.Status == PlanStatus.Planned && view.Background.Any(b => Doubts.Excepts(b, First(b)))) continue;
            // "…, lifted again after an hour", however it is said: what ends when is no talk.
            if (other.Status == PlanStatus.Planned && !view.Ends && view.Background.Any(b => First(b) is var aside && aside.Any(t => t.Kind is TokenKind.Duration or TokenKind.Time) && aside.Any(t => t.Concept is Concept.Stop or Concept.Undo or Concept.Back))) continue;
            // "on the partner host 10.0.0.0/8 is OK, keep it blocked elsewhere": who may come is no talk.
            if (other.Status == PlanStatus.Planned && view.Background.Any(b => First(b).Any(t => t.Kind == TokenKind.Cidr) && Welcome().IsMatch(b))) continue;
            if (other.Status == PlanStatus.Planned && view.Ends && !other.Edits.All(e => e.Upserted?.Metadata.ExpiresAt is not null)) continue;
            if (other.Status == PlanStatus.Planned) return other with { Summary = other.Summary + Told(view) };
            if (other.Status == PlanStatus.Refused && !other.Reasons.Contains(OutOfScope)) return other;
        }
        return plan;
    }

    /// <summary>A cookie, a query parameter, or a header that requests have.</summary>
    private static bool IsCondition(IReadOnlyList<Token> aside) => aside.Any(t => t.Concept is Concept.Cookie or Concept.Query) && aside.Any(t => t.Concept is Concept.Request or Concept.Present or Concept.If || t.Text is "=" || t.Value is "with")
        || aside.Where((t, i) => t.Kind == TokenKind.HeaderName && aside.Take(i).LastOrDefault(b => b.Concept is not (Concept.Filler or Concept.Header)) is { Value: "with" or "if" or "where" } or { Concept: Concept.Present }).Any();

    /// <summary>The question with what is probably meant in it, as far as what was learnt from other sentences lets guess.</summary>
    private static Plan Offered(PlanRequest request, Plan plan)
    {
        var tokens = Lexer.For(request.Catalog).First(request.Intent, request.Now, w => IsDocument(request, w));
        if (LearnedReader.Read(request.Intent, tokens, request, Weights.Default, order => Strictly(request, order)) is not var (order, meant)) return plan;
        return plan with { Status = PlanStatus.NeedsClarification, Reasons = [], Questions = [new Question(Question.Meant, $"Did you mean: {meant.Summary}?".Replace(".?", "?", StringComparison.Ordinal), [order]), .. plan.Questions], Summary = plan.Summary };
    }

    /// <summary>Words were left over, or nothing was found in it: neither a plan, nor a doubt about what is meant, nor a danger.</summary>
    internal static bool IsOpen(Plan plan) => plan.Status == PlanStatus.NeedsClarification && !IsUnderstood(plan) || plan.Status == PlanStatus.Refused && plan.Reasons.Contains(OutOfScope);

    /// <summary>An order in the words of the grammar, read as it stands.</summary>
    internal static Plan Strictly(PlanRequest request, string order) =>
        Every(request with { Intent = order, Compile = null }, Lexer.For(request.Catalog).Read(order, request.Now, w => IsDocument(request, w)), _ => { });

    /// <summary>No word was left over: the question is about what is meant.</summary>
    private static bool IsUnderstood(Plan plan) => plan.Status == PlanStatus.NeedsClarification
        && !plan.Questions.Any(q => q.Id is "what" or "nothing" or "both" || q.Id.StartsWith("words:", StringComparison.Ordinal) || q.Id.StartsWith("name:", StringComparison.Ordinal));

    /// <summary>How what was set aside is told in a summary.</summary>
    internal const string Aside = " Read as background: ";

    internal static string Told(View view) => view.Background.IsEmpty ? "" : $"{Aside}{string.Join(", ", view.Background.Select(b => $"“{(b.Length <= 120 ? b : b[..120] + "…")}”"))}.";

    [GeneratedRegex(@"\b(?:ok|okay|fine|welcome|allowed|permitted|accepted|let in)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Welcome();

    private static bool IsDocument(PlanRequest request, string word) => Kinds.All.Any(k => request.Policies.Documents.ContainsKey($"{k.Name}/{word}"));

    private static Plan Heard(PlanRequest request, List<Token> tokens, Plan plan) => plan.Status == PlanStatus.Planned && Overlooked.Of(request.Intent, tokens, plan) is { } open
        ? Asked(request, [new Question("overlooked", $"I would plan: {plan.Summary.TrimEnd('.')}. {open}", [])], "Nothing was planned yet.")
        : plan.Status == PlanStatus.Planned && Unheard.Of(tokens, plan) is { } unheard
        ? Asked(request, [new Question($"unheard:{unheard.Text}", $"I would plan: {plan.Summary.TrimEnd('.')}. What becomes of {unheard.Text}?", [])], "Nothing was planned yet.") : plan;

    /// <summary>Every reading of the text; the one that gives a plan counts, and two that give different ones are a question.</summary>
    private static Plan Every(PlanRequest request, List<List<Token>> readings, Action<Draft> context)
    {
        var outcomes = readings.Select(tokens => (Plan: Heard(request, tokens, Read(request, tokens, context)), Weak: tokens.Count(t => t.IsWeak) + Repeated(tokens))).ToList();
        if (outcomes.Count == 1) return outcomes[0].Plan;
        var planned = outcomes.Where(o => o.Plan.Status == PlanStatus.Planned).ToList();
        if (planned.Count == 0) return outcomes.MinBy(o => Distance(o.Plan)).Plan;
        var likely = planned.Where(o => o.Weak == planned.Min(p => p.Weak)).DistinctBy(o => string.Join('\n', o.Plan.Edits.Select(e => $"{e.Id} {e.Upserted?.Revision}"))).ToList();
        return likely.Count == 1 ? likely[0].Plan
            : Asked(request, [new Question("reading", $"Do you mean: {string.Join(" Or: ", likely.Select(o => o.Plan.Summary))}", [.. likely.Select(o => o.Plan.Summary)])], "Nothing was planned yet.");
    }

    /// <summary>Names that stand twice: "mirror mirror" is something to do and a name.</summary>
    private static int Repeated(List<Token> tokens) => tokens.Count(t => t.Kind == TokenKind.Service) - tokens.Where(t => t.Kind == TokenKind.Service).Select(t => t.Value).Distinct().Count();

    /// <summary>How far a reading is from a plan: danger first, then what few questions are left to, then what says nothing to anybody.</summary>
    private static int Distance(Plan plan) => plan.Status == PlanStatus.Refused ? plan.Reasons.Contains(OutOfScope) ? 1000 : 0
        : plan.Questions.Length + 10 * plan.Questions.Count(q => q.Id is "what" || q.Id.StartsWith("words:", StringComparison.Ordinal));

    private static Plan Read(PlanRequest request, List<Token> tokens, Action<Draft> context)
    {
        var draft = new Draft(request);
        context(draft);
        return Understanding.Read(tokens, draft) ? Finish(request, draft) : Refused(request, OutOfScope);
    }

    internal static Plan Finish(PlanRequest request, ImmutableArray<PolicyEdit> edits)
    {
        var problems = new List<Question>();
        CheckDocuments(request, edits, (id, text) => problems.Add(new Question(id, text, [])));
        return problems.Count > 0 ? Asked(request, problems, Paraphrase.Of(edits, request.Policies)) : Planned(request, edits);
    }

    private static Plan Finish(PlanRequest request, Draft draft)
    {
        if (draft.Reasons.Count > 0) return Refused(request, [.. draft.Reasons]);
        var edits = draft.Edits;
        if (draft.Questions.Count == 0) CheckDocuments(request, edits, (id, text) => draft.Ask(id, text));
        return draft.Questions.Count > 0 ? Asked(request, draft.Questions, edits.IsEmpty ? "Nothing was planned yet." : $"So far: {Paraphrase.Of(edits, request.Policies)}") : Planned(request, edits);
    }

    private static Plan Planned(PlanRequest request, ImmutableArray<PolicyEdit> edits) => edits.IsEmpty
        ? Asked(request, [new Question("nothing", "That is how it is already. What would you like to change?", [])], "Nothing would change.")
        : new Plan { Status = PlanStatus.Planned, Summary = Paraphrase.Of(edits, request.Policies), Edits = edits, Provenance = From(request) };

    private static Plan Asked(PlanRequest request, IEnumerable<Question> questions, string summary) =>
        new() { Status = PlanStatus.NeedsClarification, Summary = summary, Questions = [.. questions], Provenance = From(request) };

    private static Plan Refused(PlanRequest request, params string[] reasons) =>
        new() { Status = PlanStatus.Refused, Summary = "Nothing was planned.", Reasons = [.. reasons], Provenance = From(request) };

    private static Provenance From(PlanRequest request) => new("embedded", Version, Revision.Of(request.Intent));

    /// <summary>A plan that would not compile is no plan: what is wrong becomes the question.</summary>
    private static void CheckDocuments(PlanRequest request, ImmutableArray<PolicyEdit> edits, Action<string, string> ask)
    {
        var problems = edits.Select(e => e.Upserted).OfType<Document>().SelectMany(d => DocumentParser.Check(d)).Where(d => d.Severity == Severity.Error).ToList();
        foreach (var problem in problems) ask($"invalid:{problem.Code}", $"{problem.Message}{(problem.Fix is null ? "" : $" ({problem.Fix})")}. What do you mean?");
        if (problems.Count > 0 || request.Compile is not { } compile) return;
        foreach (var problem in compile(request.Policies.Apply(edits)).Where(d => d.Severity == Severity.Error && edits.Any(e => e.Id == d.Document || d.Related.Contains(e.Id))))
            ask($"compile:{problem.Code}", $"{problem.Message}{(problem.Witness is null ? "" : $", for instance {problem.Witness}")}. {problem.Fix}");
    }
}
