using System.ClientModel;
using System.Globalization;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI.Chat;

namespace PolicyEngine.Planning.Models.Backends;

/// <summary>What one call gave: text, or how it failed. <see cref="Status"/> is the HTTP status of a refused call.</summary>
internal sealed record RawAnswer(ModelOutcome Outcome, string Text, string? Problem = null)
{
    public int InputTokens { get; init; }

    public int OutputTokens { get; init; }

    public int? Status { get; init; }

    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Asks once; asked to come back later it does, as often as <see cref="MostReturns"/> and while there is time.</summary>
internal sealed class ModelCall(IChatCompletionService service, ModelOptions options, TimeProvider time)
{
    public const int MostReturns = 2;
    private const int LongestShown = 300;
    private static readonly TimeSpan UnsaidWait = TimeSpan.FromSeconds(1);

    /// <summary>Never throws but for the caller's own cancellation. <paramref name="deadline"/> is a timestamp of the clock.</summary>
    public async Task<RawAnswer> AskAsync(ChatHistory history, OpenAIPromptExecutionSettings settings, long deadline, CancellationToken cancellation)
    {
        for (var returns = 0; ; returns++)
        {
            var began = time.GetTimestamp();
            var answer = await Once(history, settings, Left(deadline), cancellation);
            PlanningMetrics.Asked(options, answer, time.GetElapsedTime(began));
            if (answer.Status is not (429 or 503) || returns == MostReturns) return answer;
            var wait = answer.RetryAfter ?? UnsaidWait;
            if (wait >= Left(deadline)) return answer with { Problem = $"{answer.Problem}; it asks to come back in {wait.TotalSeconds:0.#} s, which is later than the time limit" };
            await Task.Delay(wait, time, cancellation);
        }
    }

    private TimeSpan Left(long deadline) => TimeSpan.FromSeconds((deadline - time.GetTimestamp()) / (double)time.TimestampFrequency);

    private async Task<RawAnswer> Once(ChatHistory history, OpenAIPromptExecutionSettings settings, TimeSpan left, CancellationToken cancellation)
    {
        if (left <= TimeSpan.Zero) return Late();
        using var limit = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return Read(await service.GetChatMessageContentAsync(history, settings, kernel: null, either.Token));
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever a connector makes of a broken peer (of a body that is no chat completion it throws what its JSON reader throws) is one outcome here.
            if (limit.IsCancellationRequested) return Late();
            if (Causes(e).OfType<AnswerTooLongException>().FirstOrDefault() is { } tooLong) return new RawAnswer(ModelOutcome.Truncated, "", tooLong.Message);
            return Failed(e);
        }
    }

    private RawAnswer Late() => new(ModelOutcome.Transport, "", $"no answer within {options.TimeLimit.TotalSeconds:0.#} s");

    private static RawAnswer Failed(Exception e)
    {
        var status = (e as HttpOperationException)?.StatusCode is { } code ? (int?)code : null;
        var response = Causes(e).OfType<ClientResultException>().FirstOrDefault()?.GetRawResponse();
        var retryAfter = response is not null && response.Headers.TryGetValue("Retry-After", out var value)
            && double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= TimeSpan.FromDays(1).TotalSeconds
            ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        var problem = status is null ? $"it gave no chat completion: {Causes(e).Last().Message}" : $"it answered {status}: {(e as HttpOperationException)?.ResponseContent ?? e.Message}";
        return new RawAnswer(ModelOutcome.Transport, "", Shown(problem)) { Status = status, RetryAfter = retryAfter };
    }

    private static RawAnswer Read(Microsoft.SemanticKernel.ChatMessageContent message)
    {
        var metadata = message.Metadata ?? new Dictionary<string, object?>();
        var usage = metadata.GetValueOrDefault("Usage") as ChatTokenUsage;
        RawAnswer Of(ModelOutcome outcome, string text, string? problem = null) => new(outcome, text, problem) { InputTokens = usage?.InputTokenCount ?? 0, OutputTokens = usage?.OutputTokenCount ?? 0 };
        if (metadata.GetValueOrDefault("Refusal") is string { Length: > 0 } refusal) return Of(ModelOutcome.Refusal, "", Shown($"it says: {refusal}"));
        return metadata.GetValueOrDefault("FinishReason")?.ToString() switch
        {
            "ContentFilter" => Of(ModelOutcome.Refusal, "", "a content filter stopped the answer"),
            "Length" => Of(ModelOutcome.Truncated, message.Content ?? "", "the answer reached the limit of output tokens"),
            _ => Of(ModelOutcome.Ok, message.Content ?? ""),
        };
    }

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (var cause = (Exception?)e; cause is not null; cause = cause.InnerException) yield return cause;
    }

    /// <summary>One line of bounded length, whatever a peer wrote.</summary>
    private static string Shown(string text)
    {
        var line = new string([.. text.Take(LongestShown).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return text.Length > LongestShown ? line + "…" : line;
    }
}
