using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.SemanticKernel.Connectors.AzureOpenAI;
using Microsoft.SemanticKernel.Connectors.OpenAI;

namespace PolicyEngine.Planning.Models.Backends;

/// <summary>A call's settings in the provider's own words.</summary>
internal static class CallSettings
{
    private const int Seed = 7;

    /// <summary>Words of JSON Schema that OpenAI's strict mode refuses; they are checked here anyway.</summary>
    private static readonly string[] Unstrict = ["maxLength", "minLength", "pattern", "maxItems", "minItems", "$schema", "$id", "title"];

    public static OpenAIPromptExecutionSettings Of(ModelOptions options, AnswerForm form, JsonObject? schema, bool tuned, int maxTokens)
    {
        var settings = options.Provider == ModelProvider.Azure ? new AzureOpenAIPromptExecutionSettings() : new OpenAIPromptExecutionSettings();
        settings.MaxTokens = maxTokens;
        if (tuned) (settings.Temperature, settings.Seed) = (0, Seed);
        // Older compatible servers know only the older word for the same limit.
#pragma warning disable SKEXP0010 // The one way that the connector has for a second word.
        if (options.Provider == ModelProvider.Compatible) settings.ExtraBody = new Dictionary<string, object?> { ["max_tokens"] = maxTokens };
#pragma warning restore SKEXP0010
        settings.ResponseFormat = form switch
        {
            AnswerForm.JsonSchema when schema is not null => Format(options.Provider == ModelProvider.Compatible ? schema : Strict(schema)),
            AnswerForm.JsonObject => "json_object",
            _ => null,
        };
        return settings;
    }

    private static JsonElement Format(JsonObject schema) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["type"] = "json_schema",
        ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = schema.DeepClone() },
    });

    private static JsonObject Strict(JsonObject schema)
    {
        var strict = (JsonObject)schema.DeepClone();
        Strip(strict);
        return strict;
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray list)
            foreach (var item in list) Strip(item);
        if (node is not JsonObject map) return;
        foreach (var word in Unstrict.Where(w => map[w] is JsonValue)) map.Remove(word);
        foreach (var (_, value) in map) Strip(value);
    }
}
