using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Policies.Shapes;

/// <summary>
/// A node as written into the record it describes. Strict: whatever the shape does not know is an error with its place and the nearest
/// right word. All errors are collected; a record is only made where there was none inside it.
/// </summary>
public sealed class ShapeParser(ImmutableArray<Diagnostic>.Builder diagnostics, string? document)
{
    private const int ShownLength = 60;

    public object? Parse(DocNode node, Shape shape, string path) => (shape, node) switch
    {
        (RecordShape record, DocMap map) => Record(map, record, path),
        (MapShape labels, DocMap map) => Labels(map, labels, path),
        (ListShape list, DocList items) => List(items, list, path),
        (ScalarShape scalar, DocScalar text) => Scalar(text, scalar, path),
        _ => Fail(DiagnosticCatalogue.InvalidValue, $"{Named(path)} must be {Expected(shape)}, not {Described(node)}", node.Location, path),
    };

    private object? Record(DocMap map, RecordShape shape, string path)
    {
        var before = diagnostics.Count;
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        // Fields that a mistyped one was probably meant to be are not reported as missing too.
        var meant = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, node, location) in map.Fields)
        {
            var at = Join(path, key);
            if (shape.Find(key) is not { } field)
            {
                meant.UnionWith(Nearest.Words(key, shape.Fields.Select(f => f.Name)));
                Fail(DiagnosticCatalogue.UnknownField, $"unknown field '{Shown(key)}'{(path.Length == 0 ? "" : $" in {path}")}", location, at, Nearest.Fix(key, [.. shape.Fields.Select(f => f.Name)]));
            }
            else if (node is DocScalar { IsNull: true } && field.Shape is not ScalarShape { Form: ScalarForm.Text })
                Fail(DiagnosticCatalogue.InvalidValue, $"{at} has no value", location, at, $"leave '{key}' out, or give it {Expected(field.Shape)}");
            else
                values[key] = Parse(node, field.Shape, at);
        }
        foreach (var field in shape.Fields)
            if (field.Required && map[field.Name] is null && !meant.Contains(field.Name))
                Fail(DiagnosticCatalogue.MissingField, $"{Named(path)} needs '{field.Name}'", map.Location, Join(path, field.Name), $"add {field.Name}: {Expected(field.Shape)}");
        foreach (var group in shape.OneOfs)
            OneOf(map, group, path, required: group.Required && !group.Fields.Any(meant.Contains));
        foreach (var group in shape.AnyOfs)
            if (!group.Fields.Any(f => map[f] is not null || meant.Contains(f)))
                Fail(DiagnosticCatalogue.MissingField, $"{Named(path)} needs at least one of {Listed(group.Fields)}", map.Location, path);
        return diagnostics.Count > before ? null : shape.Make(values);
    }

    private void OneOf(DocMap map, OneOfAttribute group, string path, bool required)
    {
        var given = group.Fields.Where(f => map[f] is not null).ToArray();
        if (given.Length > 1)
            Fail(DiagnosticCatalogue.ExactlyOne, $"{Named(path)} has {Listed(given)}; only one of them may be given", map[given[1]]!.Location, Join(path, given[1]));
        else if (given.Length == 0 && required)
            Fail(DiagnosticCatalogue.ExactlyOne, $"{Named(path)} needs one of {Listed(group.Fields)}", map.Location, path);
    }

    private object? List(DocList list, ListShape shape, string path)
    {
        if (list.Items.Length > shape.MaxItems)
            return Fail(DiagnosticCatalogue.InvalidValue, $"{path} has {list.Items.Length} items; at most {shape.MaxItems} are allowed", list.Location, path);
        if (shape.NotEmpty && list.Items.Length == 0)
            return Fail(DiagnosticCatalogue.InvalidValue, $"{path} is empty; it needs at least one item", list.Location, path);
        var items = list.Items.Select((item, i) => Parse(item, shape.Item, $"{path}[{i}]")).ToList();
        return items.Contains(null) ? null : shape.Make(items!);
    }

    private object? Labels(DocMap map, MapShape shape, string path)
    {
        if (map.Fields.Length > shape.MaxItems)
            return Fail(DiagnosticCatalogue.InvalidValue, $"{path} has {map.Fields.Length} entries; at most {shape.MaxItems} are allowed", map.Location, path);
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var field in map.Fields)
        {
            if (field.Value is DocScalar { Text.Length: <= 256 } value && field.Key.Length is > 0 and <= 128) labels[field.Key] = value.Text;
            else Fail(DiagnosticCatalogue.InvalidValue, $"{Join(path, field.Key)} must be text of at most 256 characters", field.Location, Join(path, field.Key));
        }
        return labels.ToImmutable();
    }

    private object? Scalar(DocScalar text, ScalarShape shape, string path)
    {
        // A quoted 5 is text; only text fields and percentages may be quoted.
        if (text.Quoted && shape.Form is (ScalarForm.Integer or ScalarForm.Boolean))
            return Fail(DiagnosticCatalogue.InvalidValue, $"{path} must be {shape.Expected}, not text in quotes", text.Location, path, $"write {Shown(text.Text)} without quotes");
        return shape.Parse(text.Text)
            ?? Fail(DiagnosticCatalogue.InvalidValue, $"'{Shown(text.Text)}' is not {shape.Expected}", text.Location, path, shape.Words.IsEmpty ? null : Nearest.Fix(text.Text, shape.Words));
    }

    private object? Fail(DiagnosticRule rule, string message, Location location, string path, string? fix = null)
    {
        diagnostics.Add(Diagnostic.Of(rule, message) with { Location = location, Document = document, Field = path, Fix = fix });
        return null;
    }

    private static string Join(string path, string field) => path.Length == 0 ? Shown(field) : $"{path}.{Shown(field)}";

    private static string Named(string path) => path.Length == 0 ? "the document" : path;

    private static string Listed(IEnumerable<string> fields) => string.Join(", ", fields.Select(f => $"'{f}'"));

    /// <summary>Hostile text is text: bounded, on one line, without control characters.</summary>
    private static string Shown(string text)
    {
        text = KeyMaterial.Hidden(text);
        var line = string.Concat(text.Take(ShownLength).Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length > ShownLength ? line + "…" : line;
    }

    private static string Expected(Shape shape) => shape switch
    {
        ScalarShape s => s.Expected,
        ListShape => "a list",
        _ => "a block of fields",
    };

    private static string Described(DocNode node) => node switch
    {
        DocScalar { IsNull: true } => "nothing",
        DocScalar s => $"'{Shown(s.Text)}'",
        DocList => "a list",
        _ => "a block of fields",
    };
}
