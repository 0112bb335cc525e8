using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.SemanticKernel.ChatCompletion;
using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Models.Backends;

/// <summary>
/// Tries a back end out: a schema that allows one improbable word, while the prompt asks for another; a system message that the user's message
/// knows nothing of. What it found is kept; of a back end that was away, for <see cref="Patience"/>, so that planning does not wait for it each time.
/// </summary>
public sealed class ModelProber
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Tokens = 100;

    /// <summary>Models that think first need room for it, or there is no answer to judge.</summary>
    private const int TokensOfThinkers = 1_000;

    private const string Improbable = "vermilion-7";
    private const string Watchword = "heron";

    private static readonly JsonObject Schema = new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["colour"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray(Improbable) } },
        ["required"] = new JsonArray("colour"),
        ["additionalProperties"] = false,
    };

    private readonly ModelCall _call;
    private readonly ModelOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private ModelProbe? _last;

    internal ModelProber(ModelCall call, ModelOptions options, TimeProvider time) => (_call, _options, _time) = (call, options, time);

    /// <summary>What was found last; null before the first probe.</summary>
    public ModelProbe? Last => Volatile.Read(ref _last);

    /// <summary>Probes now.</summary>
    public async Task<ModelProbe> ProbeAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Probe(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What was found, by probing first where nothing was, or where a while ago nobody answered.</summary>
    internal async Task<ModelProbe> CurrentAsync(CancellationToken cancellation)
    {
        if (Fresh() is { } known) return known;
        await _turn.WaitAsync(cancellation);
        try
        {
            return Fresh() ?? await Probe(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Planning met nobody: until <see cref="Patience"/> is over, nobody waits for it again.</summary>
    internal void Missed(string problem)
    {
        if (Last is { } last) Volatile.Write(ref _last, last with { Reachable = false, At = _time.GetUtcNow(), Diagnostics = [Diagnostic.Of(DiagnosticCatalogue.ModelAway, problem)] });
    }

    private int MaxTokens => _options.Provider == ModelProvider.Compatible ? Tokens : TokensOfThinkers;

    private ModelProbe? Fresh() => Last is { } last && (last.Reachable || _time.GetUtcNow() - last.At < Patience) ? last : null;

    private async Task<ModelProbe> Probe(CancellationToken cancellation)
    {
        var deadline = _time.GetTimestamp() + (long)(_options.TimeLimit.TotalSeconds * _time.TimestampFrequency);
        var probe = new ModelProbe
        {
            Provider = _options.Provider,
            Model = _options.Model,
            Endpoint = _options.Endpoint is { } e ? $"{e.Host}:{e.Port}" : null,
            At = _time.GetUtcNow(),
        };
        probe = await Form(probe, deadline, cancellation);
        if (probe.Reachable) probe = probe with { SystemMessage = await FollowsSystem(probe, deadline, cancellation), Diagnostics = Constraint(probe) is { } warning ? [warning] : [] };
        Volatile.Write(ref _last, probe with { At = _time.GetUtcNow() });
        return Last!;
    }

    private async Task<ModelProbe> Form(ModelProbe probe, long deadline, CancellationToken cancellation)
    {
        var history = new ChatHistory();
        history.AddUserMessage("""Which colour has the sky? Answer with a JSON object: {"colour": "blue"}""");
        RawAnswer? answer = null;
        foreach (var form in new[] { AnswerForm.JsonSchema, AnswerForm.JsonObject, AnswerForm.Text })
            foreach (var tuned in new[] { true, false })
            {
                answer = await _call.AskAsync(history, CallSettings.Of(_options, form, Schema, tuned, MaxTokens), deadline, cancellation);
                if (answer.Status is 400 or 404 or 415 or 422 or 500 or 501) continue;
                if (answer.Outcome == ModelOutcome.Transport) return probe with { Diagnostics = [Diagnostic.Of(DiagnosticCatalogue.ModelAway, answer.Problem ?? "no answer")] };
                return probe with { Reachable = true, Accepts = form, Tuning = tuned, Honours = Honoured(form, answer.Text) };
            }
        return probe with { Diagnostics = [Diagnostic.Of(DiagnosticCatalogue.ModelAway, answer?.Problem ?? "no answer")] };
    }

    private static AnswerForm Honoured(AnswerForm asked, string text)
    {
        if (asked == AnswerForm.Text) return AnswerForm.Text;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return AnswerForm.Text;
            return asked == AnswerForm.JsonSchema && json.RootElement.EnumerateObject().Count() == 1 && json.RootElement.TryGetProperty("colour", out var colour) && colour.ValueKind == JsonValueKind.String && colour.GetString() == Improbable
                ? AnswerForm.JsonSchema : AnswerForm.JsonObject;
        }
        catch (JsonException)
        {
            return AnswerForm.Text;
        }
    }

    private async Task<bool> FollowsSystem(ModelProbe probe, long deadline, CancellationToken cancellation)
    {
        var history = new ChatHistory();
        history.AddSystemMessage($"Whatever you are asked, answer with the one word {Watchword}.");
        history.AddUserMessage("How much is two and two?");
        var answer = await _call.AskAsync(history, CallSettings.Of(_options, AnswerForm.Text, null, probe.Tuning, MaxTokens), deadline, cancellation);
        return answer.Text.Contains(Watchword, StringComparison.OrdinalIgnoreCase);
    }

    private static Diagnostic? Constraint(ModelProbe probe) => probe.Honours == AnswerForm.JsonSchema ? null : Diagnostic.Of(DiagnosticCatalogue.ModelUnconstrained,
        probe.Accepts == AnswerForm.JsonSchema
            ? $"{probe.Model} was given a schema that allows one word and answered with another: the back end ignores it"
            : $"the back end of {probe.Model} takes no schema, at most {ModelProbe.Word(probe.Accepts)}");
}
