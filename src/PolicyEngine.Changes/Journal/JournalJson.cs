using System.Text.Json;
using System.Text.Json.Serialization;
using PolicyEngine.Ir;

namespace PolicyEngine.Changes.Journal;

/// <summary>How events and changes are written: the same in the journal, over REST and on the command line.</summary>
public static class JournalJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new RevisionConverter(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public sealed class RevisionConverter : JsonConverter<Revision>
    {
        public override Revision Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Revision.TryParse(reader.GetString(), out var revision) ? revision : throw new JsonException("not a revision");

        public override void Write(Utf8JsonWriter writer, Revision value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
