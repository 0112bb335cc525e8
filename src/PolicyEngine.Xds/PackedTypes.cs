using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace PolicyEngine.Xds;

/// <summary>The types of all messages that stand packed in a message, however deep. One that the API does not have is passed over.</summary>
internal static class PackedTypes
{
    public static void Collect(IMessage message, HashSet<MessageDescriptor> types)
    {
        if (message is Any any)
        {
            if (EnvoyTypes.Find(any.TypeUrl) is not { } descriptor) return;
            types.Add(descriptor);
            Collect(descriptor.Parser.ParseFrom(any.Value), types);
            return;
        }
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != FieldType.Message) continue;
            var value = field.Accessor.GetValue(message);
            if (value is IMessage inner) Collect(inner, types);
            else if (value is IDictionary map) CollectAll(map.Values, types);
            else if (value is IList list) CollectAll(list, types);
        }
    }

    private static void CollectAll(IEnumerable values, HashSet<MessageDescriptor> types)
    {
        foreach (var inner in values.OfType<IMessage>()) Collect(inner, types);
    }
}
