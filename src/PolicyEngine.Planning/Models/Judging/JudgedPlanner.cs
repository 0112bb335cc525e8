using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Models.Prompts;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>
/// The model proposes, the embedded planner judges, and answers alone where the model is away. Both understand and agree: planned. They differ: a question that shows
/// both readings. Refused as dangerous: refused. The embedded one is in doubt: what the model makes of it is held against the intent value by value, and what adds
/// up is offered, never planned: one word that nobody checked ("refrain", "off", "tablets") turns or narrows a sentence, and a "yes" costs little.
/// </summary>
public sealed class JudgedPlanner(ModelPlanner model) : IPlanner
{
    public const string Version = "1";

    private readonly KnownReadings _known = new();

    public string Name => "judged";

    public async Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        if (ReadingQuestion.Asked(request) is { } asked && ReadingQuestion.Chosen(asked, request.Intent) is { } chosen) return await Answered(request, chosen, cancellation);
        var embedded = EmbeddedPlanner.Plan(request);
        var scope = request.Intent.Length > PlanRequest.LongestIntent ? null : IntentScope.Of(request);
        if (scope is null || !IsModelNeeded(embedded, scope)) return Signed(embedded, request, null, "unneeded");
        var reading = await model.ReadAsync(request, cancellation);
        return embedded.Status switch
        {
            PlanStatus.Planned => WhereClear(request, embedded, reading),
            PlanStatus.NeedsClarification => WhereInDoubt(request, scope, embedded, reading),
            _ => WhereUnknown(request, scope, embedded, reading),
        };
    }

    /// <summary>Danger stays refused whatever a model says; without a name or value of its own ("undo that") a sentence leaves nothing to check a model by.</summary>
    private static bool IsModelNeeded(Plan embedded, IntentScope scope)
    {
        if (scope.IsEmpty || !scope.Tokens.Any(t => t.Kind is not (TokenKind.Word or TokenKind.Punctuation) || t.Concept == Concept.None)) return false;
        return embedded.Status switch
        {
            PlanStatus.Refused => embedded.Reasons is [EmbeddedPlanner.OutOfScope] && !scope.Entities.IsEmpty,
            PlanStatus.NeedsClarification => !embedded.Questions.Any(q => q.Id is "nothing" or "intent"),
            _ => true,
        };
    }

    private Plan WhereClear(PlanRequest request, Plan embedded, ModelReading reading)
    {
        if (reading.Result != ModelResult.Proposal) return Alone(embedded, request, reading);
        if (Effect.Of(reading.Edits, request.Policies) == Effect.Of(embedded.Edits, request.Policies)) return Signed(embedded, request, reading, "agreed");
        return Offer("This can be read in two ways. Which is meant?", request, reading, "differed", embedded.Edits, reading.Edits);
    }

    private Plan WhereInDoubt(PlanRequest request, IntentScope scope, Plan embedded, ModelReading reading)
    {
        if (reading.Result != ModelResult.Proposal || reading.Edits.IsEmpty) return Alone(embedded, request, reading);
        if (!Accounting.Check(reading.Edits, request, scope).IsEmpty) return Signed(embedded, request, reading, "unaccounted");
        return Offer($"{embedded.Questions.First(q => q.Id != Question.Meant || embedded.Questions.Length == 1).Text} The model reads it so; is that what you mean?", request, reading, "offered", reading.Edits);
    }

    /// <summary>Words that the embedded planner knows nothing of, about something that exists.</summary>
    private Plan WhereUnknown(PlanRequest request, IntentScope scope, Plan embedded, ModelReading reading)
    {
        if (reading.Result == ModelResult.Question)
            return Signed(new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Questions = [new Question("model", reading.Text, reading.Choices)], Provenance = embedded.Provenance }, request, reading, "asked");
        if (reading.Result != ModelResult.Proposal || reading.Edits.IsEmpty) return Alone(embedded, request, reading);
        return Accounting.Check(reading.Edits, request, scope).IsEmpty
            ? Offer("I do not know these words. The model reads them so; is that what you mean?", request, reading, "offered", reading.Edits)
            : Signed(embedded, request, reading, "unaccounted");
    }

    /// <summary>The embedded planner's own answer; where the model failed, it says so.</summary>
    private static Plan Alone(Plan embedded, PlanRequest request, ModelReading reading)
    {
        if (reading.Result != ModelResult.Failed) return Signed(embedded, request, reading, reading.Result == ModelResult.Question ? "asked" : reading.Result == ModelResult.Cannot ? "declined" : "unaccounted");
        var away = reading.Outcome is ModelOutcome.Transport;
        var note = away ? $"The model is away ({reading.Diagnostics[^1].Code}); this is the embedded planner's answer." : $"The model's answer could not be used ({reading.Diagnostics[^1].Code}); this is the embedded planner's.";
        return Signed(embedded with { Summary = $"{embedded.Summary} {note}" }, request, reading, away ? "away" : "failed");
    }

    private Plan Offer(string text, PlanRequest request, ModelReading reading, string verdict, params ImmutableArray<Policies.PolicyEdit>[] readings)
    {
        foreach (var edits in readings) _known.Remember(Effect.Hash(edits, request.Policies), new KnownReading(edits, reading.Provenance));
        var plan = new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Questions = [ReadingQuestion.Of(text, request.Policies, readings)], Provenance = Provenance(request, null, verdict) };
        return Signed(plan, request, reading, verdict);
    }

    /// <summary>A chosen reading is planned as it was shown; one that is no longer known (a restart, other policies) is found again, or asked about again.</summary>
    private async Task<Plan> Answered(PlanRequest request, string chosen, CancellationToken cancellation)
    {
        if (chosen.Length == 0) return new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Questions = [new Question("words:", "Then please say it in other words: what would you like to change?", [])], Provenance = Provenance(request, null, "unneeded") };
        if (_known.Find(chosen, request.Policies) is null)
        {
            var again = await PlanAsync(request with { Intent = request.Earlier[^1].Intent, Earlier = request.Earlier[..^1] }, cancellation);
            if (_known.Find(chosen, request.Policies) is null) return again;
        }
        var reading = _known.Find(chosen, request.Policies)!;
        var provenance = Provenance(request, reading.Provenance, "chosen");
        return reading.Edits.IsEmpty
            ? new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing would change.", Questions = [new Question("nothing", "That is how it is already. What would you like to change?", [])], Provenance = provenance }
            : new Plan { Status = PlanStatus.Planned, Summary = Paraphrasing.Paraphrase.Of(reading.Edits, request.Policies), Edits = reading.Edits, Provenance = provenance };
    }

    private static Plan Signed(Plan plan, PlanRequest request, ModelReading? reading, string verdict)
    {
        PlanningMetrics.Judged(verdict);
        return plan with { Provenance = Provenance(request, reading?.Provenance, verdict) };
    }

    private static Provenance Provenance(PlanRequest request, ModelProvenance? model, string verdict) =>
        new("judged", Version, Revision.Of(request.Intent)) { Model = model is null ? null : model with { Verdict = verdict } };
}
