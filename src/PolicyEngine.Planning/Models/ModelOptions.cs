using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace PolicyEngine.Planning.Models;

/// <summary><c>compatible</c> is whatever speaks chat completions under a base URL: vLLM, Ollama, llama.cpp.</summary>
public enum ModelProvider { OpenAi, Azure, Compatible }

/// <summary>Which model is asked, and the limits of asking it. Prints without its key.</summary>
public sealed record ModelOptions
{
    public const int MostRounds = 3;
    public const string KeyVariableOfOpenAi = "OPENAI_API_KEY";
    public const string KeyVariableOfAzure = "AZURE_OPENAI_API_KEY";

    public ModelProvider Provider { get; init; } = ModelProvider.OpenAi;

    /// <summary>OpenAI's own where null; of <c>compatible</c> the base URL, as <c>http://127.0.0.1:11434/v1</c>; of <c>azure</c> the resource.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The model; of <c>azure</c> the deployment.</summary>
    public string Model { get; init; } = "";

    /// <summary>The key itself. Where null it is read from <see cref="KeyVariable"/>; where that is empty too, Azure is asked with an Entra token.</summary>
    public string? Key { get; init; }

    /// <summary>Name of the environment variable that holds the key; by provider, where null.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>For one plan, all rounds and waits together.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxOutputTokens { get; init; } = 1_000;

    /// <summary>Tokens of one plan, prompts and answers of all rounds together, as the back end counts them.</summary>
    public int MaxTokens { get; init; } = 30_000;

    public int MaxPromptCharacters { get; init; } = 24_000;

    /// <summary>Answers, by bytes on the wire; what is longer is cut off and counts as truncated.</summary>
    public int MaxAnswerBytes { get; init; } = 256 * 1024;

    /// <summary>Answers asked for at most: the first, and repairs of it.</summary>
    public int Rounds { get; init; } = MostRounds;

    /// <summary>The key, from the option or the environment; null where there is none.</summary>
    public string? KeyFrom(Func<string, string?> environment) => Text(Key) ?? Text(environment(KeyVariable ?? Provider switch
    {
        ModelProvider.Azure => KeyVariableOfAzure,
        ModelProvider.OpenAi => KeyVariableOfOpenAi,
        _ => "POLICYENGINE_MODEL_KEY",
    }));

    /// <summary>
    /// Options by name (<c>model</c>, <c>model-provider</c>, <c>model-endpoint</c>, <c>model-key</c>, <c>model-key-variable</c>, <c>model-time-limit</c> in seconds,
    /// <c>model-rounds</c>, <c>model-max-output-tokens</c>, <c>model-max-prompt-characters</c>), with what is wrong with them. Null where no model is named.
    /// </summary>
    public static (ModelOptions? Options, ImmutableArray<string> Problems) Read(Func<string, string?> option)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        if (Text(option("model")) is not { } model)
        {
            if (Text(option("model-provider")) is not null || Text(option("model-endpoint")) is not null) problems.Add("a model's provider or endpoint is set and no model: set 'model' to its name, or to the deployment");
            return (null, problems.ToImmutable());
        }
        var defaults = new ModelOptions();
        var provider = Text(option("model-provider"));
        Uri? endpoint = null;
        if (Text(option("model-endpoint")) is { } url && !Uri.TryCreate(url, UriKind.Absolute, out endpoint)) problems.Add($"model-endpoint '{url}' is not a URL");
        if (provider is not (null or "openai" or "azure" or "compatible")) problems.Add($"model-provider '{provider}' is none of openai, azure, compatible");
        int Whole(string name, int standard)
        {
            if (Text(option(name)) is not { } text) return standard;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return value;
            problems.Add($"{name} '{text}' is not a whole number");
            return standard;
        }
        var options = new ModelOptions
        {
            Provider = provider switch { "azure" => ModelProvider.Azure, "compatible" => ModelProvider.Compatible, null when endpoint is not null => ModelProvider.Compatible, _ => ModelProvider.OpenAi },
            Endpoint = endpoint,
            Model = model,
            Key = Text(option("model-key")),
            KeyVariable = Text(option("model-key-variable")),
            TimeLimit = TimeSpan.FromSeconds(Whole("model-time-limit", (int)defaults.TimeLimit.TotalSeconds)),
            Rounds = Whole("model-rounds", defaults.Rounds),
            MaxOutputTokens = Whole("model-max-output-tokens", defaults.MaxOutputTokens),
            MaxPromptCharacters = Whole("model-max-prompt-characters", defaults.MaxPromptCharacters),
        };
        problems.AddRange(options.Problems());
        return (options, problems.ToImmutable());
    }

    public IEnumerable<string> Problems()
    {
        if (string.IsNullOrWhiteSpace(Model)) yield return "the model has no name";
        if (Endpoint is null && Provider is not ModelProvider.OpenAi) yield return $"provider {Word(Provider)} needs an endpoint";
        if (Endpoint is { Scheme: not ("http" or "https") }) yield return $"the endpoint's scheme is {Endpoint.Scheme}, not http or https";
        if (Endpoint is { UserInfo.Length: > 0 }) yield return "the endpoint has a user or password in it; give the key by its own option";
        if (Endpoint is { Scheme: "http", IsLoopback: false } && Provider is not ModelProvider.Compatible) yield return "a key does not travel over http; use https";
        if (TimeLimit < TimeSpan.FromSeconds(1) || TimeLimit > TimeSpan.FromMinutes(10)) yield return "the time limit is 1 second to 10 minutes";
        if (Rounds is < 1 or > MostRounds) yield return $"rounds are 1 to {MostRounds}";
        if (MaxOutputTokens is < 50 or > 16_000) yield return "output tokens are 50 to 16,000";
        if (MaxPromptCharacters is < 8_000 or > 200_000) yield return "prompt characters are 8,000 to 200,000";
    }

    public static string Word(ModelProvider provider) => provider.ToString().ToLowerInvariant();

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{Word(Provider)} {Model}{(Endpoint is null ? "" : $" at {Endpoint.Host}:{Endpoint.Port}")}");
        return true;
    }
}
