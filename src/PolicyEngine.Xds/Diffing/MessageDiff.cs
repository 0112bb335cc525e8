using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace PolicyEngine.Xds.Diffing;

/// <summary>
/// Two messages of one type, field by field. Items of a list that have a name are paired by it, not by position, so that one more route is
/// one line; Anys are looked into.
/// </summary>
internal static class MessageDiff
{
    private const int LongestValue = 400;

    public static IEnumerable<FieldChange> Between(IMessage before, IMessage after, string path = "")
    {
        if (before.Equals(after)) yield break;
        if (before is Any a && after is Any b && Unpack(a) is { } x && Unpack(b) is { } y && x.Descriptor == y.Descriptor) (before, after) = (x, y);
        else if (before is Any or Struct or Value)
        {
            yield return new FieldChange(path, Shown(before), Shown(after));
            yield break;
        }
        foreach (var field in before.Descriptor.Fields.InFieldNumberOrder())
            foreach (var change in Field(field, before, after, path.Length == 0 ? field.Name : $"{path}.{field.Name}")) yield return change;
    }

    private static IEnumerable<FieldChange> Field(FieldDescriptor field, IMessage before, IMessage after, string path)
    {
        var (old, now) = (field.Accessor.GetValue(before), field.Accessor.GetValue(after));
        return (old, now) switch
        {
            (IDictionary x, IDictionary y) => Pairs(Entries(x), Entries(y), path),
            (IList x, IList y) when Named(x, y) is { } names => Pairs(names.Old, names.Now, path),
            (IList x, IList y) => Items(x, y, path),
            (IMessage x, IMessage y) => Between(x, y, path),
            _ when Equals(old, now) && Present(field, before) == Present(field, after) => [],
            _ => [new FieldChange(path, Present(field, before) ? Shown(old) : null, Present(field, after) ? Shown(now) : null)],
        };
    }

    private static bool Present(FieldDescriptor field, IMessage message) => field.HasPresence ? field.Accessor.HasValue(message) : !Equals(field.Accessor.GetValue(message), Default(field));

    private static object? Default(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => "",
        FieldType.Bytes => ByteString.Empty,
        FieldType.Bool => false,
        FieldType.Message => null,
        _ => System.Activator.CreateInstance(field.Accessor.GetValue((IMessage)System.Activator.CreateInstance(field.ContainingType.ClrType)!).GetType()),
    };

    private static IEnumerable<FieldChange> Pairs(IReadOnlyDictionary<string, object> old, IReadOnlyDictionary<string, object> now, string path)
    {
        foreach (var name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal))
        {
            var (x, y) = (old.GetValueOrDefault(name), now.GetValueOrDefault(name));
            foreach (var change in Item(x, y, $"{path}[{name}]")) yield return change;
        }
        if (!old.Keys.SequenceEqual(now.Keys) && old.Keys.Order(StringComparer.Ordinal).SequenceEqual(now.Keys.Order(StringComparer.Ordinal)))
            yield return new FieldChange(path + " (order)", string.Join(", ", old.Keys), string.Join(", ", now.Keys));
    }

    private static IEnumerable<FieldChange> Items(IList old, IList now, string path)
    {
        for (var i = 0; i < Math.Max(old.Count, now.Count); i++)
            foreach (var change in Item(i < old.Count ? old[i] : null, i < now.Count ? now[i] : null, $"{path}[{i}]")) yield return change;
    }

    private static IEnumerable<FieldChange> Item(object? old, object? now, string path) => (old, now) switch
    {
        (IMessage x, IMessage y) => Between(x, y, path),
        _ when Equals(old, now) => [],
        _ => [new FieldChange(path, old is null ? null : Shown(old), now is null ? null : Shown(now))],
    };

    private static SortedDictionary<string, object> Entries(IDictionary map)
    {
        var entries = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map) entries[entry.Key.ToString()!] = entry.Value!;
        return entries;
    }

    /// <summary>Both lists by their items' names, in their order, where every item has one of its own.</summary>
    private static (OrderedDictionary<string, object> Old, OrderedDictionary<string, object> Now)? Named(IList old, IList now) =>
        ByName(old) is { } x && ByName(now) is { } y ? (x, y) : null;

    private static OrderedDictionary<string, object>? ByName(IList list)
    {
        var named = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var item in list)
        {
            if (item is not IMessage message || Name(message) is not { Length: > 0 } name || !named.TryAdd(name, message)) return null;
        }
        return named;
    }

    private static string? Name(IMessage message) => message switch
    {
        Envoy.Config.Core.V3.HeaderValueOption option => option.Header?.Key,
        _ => message.Descriptor.FindFieldByName("name") is { FieldType: FieldType.String, IsRepeated: false } field ? (string)field.Accessor.GetValue(message) : null,
    };

    private static IMessage? Unpack(Any any) => EnvoyTypes.Find(any.TypeUrl)?.Parser.ParseFrom(any.Value);

    private static string Shown(object value)
    {
        var text = value switch
        {
            IMessage message => EnvoyJson.Compact(message),
            string s => s,
            bool b => b ? "true" : "false",
            IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length <= LongestValue ? text : text[..LongestValue] + "…";
    }
}
