using System.Collections;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using PolicyEngine.Ir;
using PolicyEngine.Xds;
using Udpa.Annotations;

namespace PolicyEngine.ControlPlane.ClientStatuses;

/// <summary>
/// Resources for people's eyes: what Envoy's API declares sensitive is blotted out (a key leaves its fingerprint), inside of packed messages too. A packed message of a type that
/// the API does not have is shown without its content.
/// </summary>
internal static class Redaction
{
    private static readonly ConditionalWeakTable<Resource, Any> Known = [];

    private static readonly ConcurrentDictionary<FieldDescriptor, bool> Sensitive = new();

    /// <summary>Worked out once for a resource. Shared: never change it.</summary>
    public static Any Of(Resource resource) => Known.GetValue(resource, r =>
    {
        var message = EnvoyTypes.Parse(r.Type.TypeUrl, r.Body);
        Clean(message);
        return Canonical.Pack(message);
    });

    private static void Clean(IMessage message)
    {
        if (message is Any any)
        {
            Clean(any);
            return;
        }
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var isSensitive = IsSensitive(field);
            if (!isSensitive && field.FieldType != FieldType.Message) continue;
            if (field.IsMap || field.IsRepeated) CleanMany(message, field, isSensitive);
            else if (field.HasPresence ? field.Accessor.HasValue(message) : isSensitive) CleanOne(message, field, isSensitive);
        }
    }

    private static void CleanOne(IMessage message, FieldDescriptor field, bool isSensitive)
    {
        if (field.FieldType == FieldType.Message)
        {
            var inner = field.Accessor.GetValue(message);
            // Wrappers of plain values come as the values.
            if (inner is IMessage nested) Blank(nested, isSensitive);
            else if (isSensitive) field.Accessor.Clear(message);
        }
        else if (field.FieldType == FieldType.String && (string)field.Accessor.GetValue(message) is { Length: > 0 } text) field.Accessor.SetValue(message, KeyMaterial.InPlaceOf(text));
        else if (field.FieldType == FieldType.Bytes && (ByteString)field.Accessor.GetValue(message) is { IsEmpty: false } bytes) field.Accessor.SetValue(message, ByteString.CopyFromUtf8(KeyMaterial.InPlaceOf(bytes.ToStringUtf8())));
        else field.Accessor.Clear(message);
    }

    private static void CleanMany(IMessage message, FieldDescriptor field, bool isSensitive)
    {
        var value = field.Accessor.GetValue(message);
        var items = field.IsMap ? ((IDictionary)value).Values : (ICollection)value;
        if (isSensitive && !items.OfType<IMessage>().Any()) field.Accessor.Clear(message);
        foreach (var nested in items.OfType<IMessage>()) Blank(nested, isSensitive);
    }

    /// <summary>Everything in a sensitive message is sensitive.</summary>
    private static void Blank(IMessage message, bool isSensitive)
    {
        if (!isSensitive)
        {
            Clean(message);
            return;
        }
        if (message is Any any)
        {
            any.Value = ByteString.Empty;
            return;
        }
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.IsMap || field.IsRepeated) CleanMany(message, field, isSensitive: true);
            else if (!field.HasPresence || field.Accessor.HasValue(message)) CleanOne(message, field, isSensitive: true);
        }
    }

    private static void Clean(Any any)
    {
        if (any.Value.IsEmpty) return;
        try
        {
            var inner = EnvoyTypes.Parse(any.TypeUrl, any.Value.Memory);
            Clean(inner);
            any.Value = Canonical.ByteString(inner);
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException)
        {
            any.Value = ByteString.Empty;
        }
    }

    private static bool IsSensitive(FieldDescriptor field) => Sensitive.GetOrAdd(field, f => f.GetOptions()?.GetExtension(SensitiveExtensions.Sensitive) == true);
}
