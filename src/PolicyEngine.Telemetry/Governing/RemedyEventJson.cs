using System.Text.Json;
using System.Text.Json.Serialization;

namespace PolicyEngine.Telemetry.Governing;

/// <summary>Remedy events as one line of JSON each, for the record.</summary>
public static class RemedyEventJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string Write(RemedyEvent happened) => JsonSerializer.Serialize(happened, Options);

    /// <summary>Throws <see cref="JsonException"/> for what is no such event.</summary>
    public static RemedyEvent Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<RemedyEvent>(json, Options) ?? throw new JsonException("null is no remedy event");
        }
        catch (NotSupportedException e)
        {
            throw new JsonException(e.Message, e);
        }
    }
}
