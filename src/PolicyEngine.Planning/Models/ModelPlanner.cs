using System.Collections.Immutable;
using Microsoft.SemanticKernel.ChatCompletion;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Models.Answers;
using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Planning.Models.Prompts;
using PolicyEngine.Planning.Paraphrasing;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Models;

/// <summary>
/// A plan by a language model. It gets names and documents as data, has no tools, and what it answers is held to the schema, the parser, the catalog, the
/// intent's own scope and the compiler; what fails goes back to it with the reasons, a few times. By itself it is only as good as its model: <see cref="Judging.JudgedPlanner"/> judges it.
/// </summary>
public sealed class ModelPlanner : IPlanner
{
    public const string Version = "1";

    private readonly ModelOptions _options;
    private readonly ModelCall _call;
    private readonly ModelProber _prober;
    private readonly TimeProvider _time;
    private readonly PromptTask _task = PromptTask.Plan;

    public ModelPlanner(IChatCompletionService service, ModelOptions options, TimeProvider? time = null)
    {
        (_options, _time) = (options, time ?? TimeProvider.System);
        _call = new ModelCall(service, options, _time);
        _prober = new ModelProber(_call, options, _time);
    }

    public string Name => "model";

    public ModelProber Prober => _prober;

    public ModelOptions Options => _options;

    public async Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
    {
        var reading = await ReadAsync(request, cancellation);
        var provenance = new Provenance(Name, Version, Revision.Of(request.Intent)) { Model = reading.Provenance };
        return reading.Result switch
        {
            ModelResult.Proposal when reading.Edits.Length > 0 => new Plan { Status = PlanStatus.Planned, Summary = Paraphrase.Of(reading.Edits, request.Policies), Edits = reading.Edits, Provenance = provenance },
            ModelResult.Proposal => new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing would change.", Questions = [new Question("nothing", "That is how it is already. What would you like to change?", [])], Provenance = provenance },
            ModelResult.Question => new Plan { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Questions = [new Question("model", reading.Text, reading.Choices)], Provenance = provenance },
            ModelResult.Cannot => new Plan { Status = PlanStatus.Refused, Summary = "Nothing was planned.", Reasons = [reading.Text], Provenance = provenance },
            _ => new Plan { Status = PlanStatus.Refused, Summary = "Nothing was planned.", Reasons = [.. reading.Diagnostics.TakeLast(1).Select(d => $"{d.Message} ({d.Code})")], Provenance = provenance },
        };
    }

    /// <summary>The model's reading of the intent. Throws nothing but the caller's cancellation.</summary>
    public async Task<ModelReading> ReadAsync(PlanRequest request, CancellationToken cancellation)
    {
        var dialogue = new Dialogue(_options, _task.Revision);
        var deadline = _time.GetTimestamp() + (long)(_options.TimeLimit.TotalSeconds * _time.TimestampFrequency);
        if (request.Intent.Length > PlanRequest.LongestIntent) return dialogue.Cannot($"The intent is longer than {PlanRequest.LongestIntent:N0} characters.");
        var scope = IntentScope.Of(request);
        if (scope.IsEmpty) return dialogue.Cannot("The intent names no service, route, gateway, fleet, host or path.");
        var redactor = new Redactor(request.Catalog.Documents.Values.Select(d => d.Name).Concat(request.Policies.Documents.Values.Select(d => d.Name)));
        var bare = await _task.RenderAsync("", systemMessage: true, cancellation);
        if (PromptData.Write(request, scope, redactor, _options.MaxPromptCharacters - bare.Sum(m => m.Content!.Length)) is not { } data) return dialogue.Cannot("The intent and the catalog's names are longer than a prompt may be.");
        dialogue.Redacted = redactor.Count;

        var probe = await _prober.CurrentAsync(cancellation);
        if (!probe.Reachable) return dialogue.Failed(ModelOutcome.Transport, probe.Diagnostics.Select(d => d.Message));
        var history = await _task.RenderAsync(data, probe.SystemMessage, cancellation);
        var settings = CallSettings.Of(_options, probe.Accepts, _task.Schema, probe.Tuning, _options.MaxOutputTokens);
        for (var round = 1; ; round++)
        {
            request.Progress?.Invoke(round == 1 ? $"asking {_options.Model}" : $"asking {_options.Model} to mend its answer, round {round}");
            var raw = await _call.AskAsync(history, settings, deadline, cancellation);
            dialogue.Heard(raw);
            if (raw is { Outcome: ModelOutcome.Transport, Status: null }) _prober.Missed(raw.Problem ?? "no answer");
            var (reading, problems) = raw.Outcome == ModelOutcome.Ok ? Understand(raw.Text, request, scope, dialogue) : (dialogue.Failed(raw.Outcome, [raw.Problem ?? "no answer"]), []);
            request.Progress?.Invoke($"its answer is {reading.Outcome.ToString().ToLowerInvariant()}");
            PlanningMetrics.Answered(_options, reading.Outcome);
            if (!reading.Outcome.CanBeRepaired() || dialogue.IsOver) return reading;
            Repair(history, raw, reading.Outcome, problems);
        }
    }

    private (ModelReading Reading, ImmutableArray<string> Problems) Understand(string text, PlanRequest request, IntentScope scope, Dialogue dialogue)
    {
        var (answer, outcome, problems) = AnswerReader.Read(text, _task);
        if (answer is null) return (dialogue.Failed(outcome, problems), problems);
        if (answer.Kind == AnswerKind.Question) return (dialogue.Question(answer.Text, answer.Choices), []);
        if (answer.Kind == AnswerKind.Cannot) return (dialogue.Cannot(answer.Text), []);
        var read = EditReader.Read(answer, request, scope);
        if (read.HasPlaceholder) return (dialogue.Question("A secret in the intent was not shown to the model, and the edit needs it. Which value is meant, and where is it kept?", []), []);
        return read.Problems.IsEmpty ? (dialogue.Proposal(read.Edits), []) : (dialogue.Failed(ModelOutcome.Meaning, read.Problems), read.Problems);
    }

    private static void Repair(ChatHistory history, RawAnswer raw, ModelOutcome outcome, ImmutableArray<string> problems)
    {
        const int mostRepeated = 4_000;
        if (raw.Text.Length is > 0 and <= mostRepeated) history.AddAssistantMessage(raw.Text);
        var what = outcome == ModelOutcome.Truncated ? "the answer was cut off; give a shorter one" : string.Join("\n", problems);
        history.AddUserMessage($"That answer cannot be used:\n{what}\nAnswer the same request again, with one JSON object.");
    }
}
