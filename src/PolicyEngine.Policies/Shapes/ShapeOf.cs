using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PolicyEngine.Policies.Shapes;

/// <summary>Reads the shape of a document type from its record: properties with <see cref="FieldAttribute"/>, in the order written there.</summary>
public static class ShapeOf
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Records = new();

    public static RecordShape Record(Type type) => Records.GetOrAdd(type, Build);

    private static RecordShape Build(Type type)
    {
        // A record's own defaults, as its constructor sets them; `required` is the compiler's promise to callers, not to reflection.
        var defaults = Activator.CreateInstance(type)!;
        var properties = type.GetProperties().Where(p => p.GetCustomAttribute<FieldAttribute>() is not null).OrderBy(p => Depth(p.DeclaringType!)).ThenBy(p => p.MetadataToken).ToArray();
        var fields = properties.Select(p => Field(p, defaults)).ToImmutableArray();
        var setters = properties.ToDictionary(p => Name(p), p => p, StringComparer.Ordinal);
        return new RecordShape(type, fields, [.. type.GetCustomAttributes<OneOfAttribute>()], [.. type.GetCustomAttributes<AnyOfAttribute>()])
        {
            Make = values =>
            {
                var record = Activator.CreateInstance(type)!;
                foreach (var (name, value) in values) setters[name].SetValue(record, value);
                return record;
            },
        };
    }

    // What a base record has (target, priority) comes before what a kind adds.
    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;

    private static FieldShape Field(PropertyInfo property, object defaults)
    {
        var about = property.GetCustomAttribute<FieldAttribute>()!;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var required = property.GetCustomAttribute<RequiredMemberAttribute>() is not null;
        return new FieldShape(Name(property), Of(type, about), required, about, property.GetValue) { Default = property.GetValue(defaults) };
    }

    private static Shape Of(Type type, FieldAttribute about)
    {
        if (Scalars.Of(type, about) is { } scalar) return scalar;
        if (type == typeof(ImmutableSortedDictionary<string, string>)) return new MapShape(type, about.MaxItems);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var item = type.GetGenericArguments()[0];
            return new ListShape(type, Of(item, about), about.MaxItems, about.NotEmpty) { Make = ListMaker(item) };
        }
        return Record(type);
    }

    private static Func<IReadOnlyList<object>, object> ListMaker(Type item) =>
        typeof(ShapeOf).GetMethod(nameof(MakeList), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(item).CreateDelegate<Func<IReadOnlyList<object>, object>>();

    private static object MakeList<T>(IReadOnlyList<object> items) => items.Cast<T>().ToImmutableArray();

    private static string Name(PropertyInfo property) => char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
}
