using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Clauses;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Paraphrasing;
using PolicyEngine.Planning.Phrases;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning;

/// <summary>
/// Plain English without a model: a lexicon, the names of the catalog, and a clause grammar a feature. Every word is in the plan, or is asked
/// about; in doubt it asks. The same request gives the same plan.
/// </summary>
public sealed class EmbeddedPlanner : IPlanner
{
    public const string Version = "1";

    /// <summary>The one list of clauses.</summary>
    private static readonly ImmutableArray<IClause> Clauses =
    [
        new SplitClause(), new TimeoutClause(), new RetryClause(), new RateLimitClause(), new AuthorizationClause(), new MirrorClause(), new FaultClause(), new HeadersClause(), new RouteClause(), new RemovalClause(),
    ];

    public string Name => "embedded";

    public Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation) => Task.FromResult(Plan(request));

    public static Plan Plan(PlanRequest request)
    {
        var provenance = new Provenance("embedded", Version, Revision.Of(request.Intent));
        Plan Refuse(string reason) => new() { Status = PlanStatus.Refused, Summary = "Nothing was planned.", Reasons = [reason], Provenance = provenance };
        Plan Ask(string id, string text) => new() { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Questions = [new Question(id, text, [])], Provenance = provenance };
        if (request.Intent.Length > PlanRequest.LongestIntent) return Refuse($"The intent is {request.Intent.Length:N0} characters long; at most {PlanRequest.LongestIntent:N0} are read ({DiagnosticCatalogue.IntentTooLong.Code}). Say it in a sentence or a few.");
        if (string.IsNullOrWhiteSpace(request.Intent)) return Ask("intent", "What would you like to change?");
        if (request.Intent.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format))
            return Refuse("The intent has control characters in it. Please write it in plain text.");

        var draft = new Draft(request);
        var tokens = Lexer.For(request.Catalog).Read(Conversation.Continued(request));
        if (Conversation.Apply(tokens, request, draft) is false && !Understand(tokens, draft)) return Refuse(OutOfScope);
        return Finish(request, draft, provenance);
    }

    internal const string OutOfScope = "That is none of my business: I plan traffic policies (splits, time-outs, retries, rate limits, authorization, mirrors, faults, headers, routes).";

    /// <summary>False where nothing in it is about traffic.</summary>
    private static bool Understand(List<Token> tokens, Draft draft)
    {
        var phrases = Segmenter.Split(tokens, Best);
        if (!phrases.Exists(p => Best(p.Tokens) is not null))
        {
            var unknown = tokens.Count(IsUnknown);
            if (!tokens.Exists(t => t.Kind is TokenKind.Service or TokenKind.Gateway or TokenKind.Percent or TokenKind.Version or TokenKind.Cidr) || unknown > 1) return false;
        }
        foreach (var phrase in phrases)
        {
            if (Best(phrase.Tokens) is not { } clause)
            {
                draft.Ask("what", $"What is to be done: '{string.Join(' ', phrase.Tokens.Select(t => t.Text))}'?");
                continue;
            }
            // "It" is what was spoken of before; without that, it stays a word to ask about.
            if (draft.Target is not null) phrase.TakeAll(Concept.It);
            clause.Apply(phrase, draft);
            if (draft.Reasons.Count > 0) return true;
            var left = phrase.Left.Where(t => !draft.Questions.Any(q => q.Id == $"name:{t.Text}")).ToList();
            if (left.Count > 0)
                draft.Ask($"words:{string.Join(' ', left.Select(t => t.Text))}", $"I did not understand {string.Join(", ", left.Select(t => $"'{Shown(t.Text)}'"))}. Please say it in other words, or leave it out.");
        }
        return true;
    }

    private static IClause? Best(IReadOnlyList<Token> tokens)
    {
        var best = Clauses.Select(c => (Clause: c, Score: c.Recognises(tokens))).MaxBy(c => c.Score);
        return best.Score > 0 ? best.Clause : null;
    }

    private static bool IsUnknown(Token token) => token.Kind == TokenKind.Word && token.Concept == Concept.None;

    private static Plan Finish(PlanRequest request, Draft draft, Provenance provenance)
    {
        if (draft.Reasons.Count > 0) return new Plan { Status = PlanStatus.Refused, Summary = "Nothing was planned.", Reasons = [.. draft.Reasons], Provenance = provenance };
        var edits = draft.Edits;
        if (draft.Questions.Count == 0) CheckDocuments(request, draft, edits);
        if (draft.Questions.Count > 0)
            return new Plan
            {
                Status = PlanStatus.NeedsClarification,
                Summary = edits.IsEmpty ? "Nothing was planned yet." : $"So far: {Paraphrase.Of(edits, request.Policies)}",
                Questions = [.. draft.Questions],
                Provenance = provenance,
            };
        return edits.IsEmpty
            ? new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing would change.", Questions = [new Question("nothing", "That is how it is already. What would you like to change?", [])], Provenance = provenance }
            : new Plan { Status = PlanStatus.Planned, Summary = Paraphrase.Of(edits, request.Policies), Edits = edits, Provenance = provenance };
    }

    /// <summary>A plan that would not compile is no plan: what is wrong becomes the question.</summary>
    private static void CheckDocuments(PlanRequest request, Draft draft, ImmutableArray<PolicyEdit> edits)
    {
        foreach (var document in edits.Select(e => e.Upserted).OfType<Document>())
            foreach (var problem in DocumentParser.Check(document).Where(d => d.Severity == Severity.Error))
                draft.Ask($"invalid:{problem.Code}", $"{problem.Message}{(problem.Fix is null ? "" : $" ({problem.Fix})")}. What do you mean?");
        if (draft.Questions.Count > 0 || request.Compile is not { } compile) return;
        foreach (var problem in compile(request.Policies.Apply(edits)).Where(d => d.Severity == Severity.Error && edits.Any(e => e.Id == d.Document || d.Related.Contains(e.Id))))
            draft.Ask($"compile:{problem.Code}", $"{problem.Message}{(problem.Witness is null ? "" : $", for instance {problem.Witness}")}. {problem.Fix}");
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
