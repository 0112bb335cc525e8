using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace PolicyEngine.Xds;

/// <summary>proto3 JSON as Envoy writes and reads it: field names as in the protos, Any with its type.</summary>
public static class EnvoyJson
{
    private static readonly Lazy<JsonFormatter> Formatter = new(() => new JsonFormatter(
        JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithTypeRegistry(EnvoyTypes.Registry)));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One form for one meaning: map entries stand in ordinal order.</summary>
    public static JsonObject Node(IMessage message) => (JsonObject)JsonNode.Parse(Formatter.Value.Format(CanonicalCopy(message)))!;

    public static string Format(IMessage message) => Node(message).ToJsonString(Indented);

    /// <summary>On one line. A duration or another well-known type is the text that it is in JSON.</summary>
    public static string Compact(IMessage message) => Formatter.Value.Format(CanonicalCopy(message)).Trim('"');

    /// <summary>
    /// The same, with only those types looked up that the message has packed in it: the first time costs milliseconds where the whole registry costs
    /// more than a second.
    /// </summary>
    public static string CompactAlone(IMessage message)
    {
        var types = new HashSet<MessageDescriptor> { message.Descriptor };
        PackedTypes.Collect(message, types);
        return new JsonFormatter(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithTypeRegistry(TypeRegistry.FromMessages(types))).Format(CanonicalCopy(message));
    }

    // Parsing the canonical bytes puts map entries into their canonical order.
    private static IMessage CanonicalCopy(IMessage message) => message.Descriptor.Parser.ParseFrom(Canonical.Bytes(message));
}
