using System.Text;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Policies.Tests;

/// <summary><c>docs/policies.md</c> is written from the shapes, so it tells the truth of today.</summary>
public sealed class ReferencePageTests
{
    [Fact]
    public void Page_OfAllKinds_IsTheOneInDocs()
    {
        var page = new StringBuilder("# Policy reference\n\nGenerated from the schemas; `policyctl schema KIND` prints the JSON Schema. Fields in bold are needed. Durations are `750ms`, `2s`, `1h`; percentages `5%` with at most four decimals.\n");
        foreach (var kind in Kinds.All.Concat(Kinds.Operations))
        {
            page.Append($"\n## {kind.Name}\n\n{kind.Says}\n\n| field | form | says |\n|---|---|---|\n");
            Rows(page, kind.Shape, "", 0);
        }
        Golden.Match(page.ToString(), Path.Combine(RepositoryPaths.Root, "docs", "policies.md"));
    }

    private static void Rows(StringBuilder page, RecordShape record, string path, int depth)
    {
        foreach (var field in record.Fields)
        {
            var name = path + field.Name;
            page.Append($"| {(field.Required ? $"**{name}**" : name)} | {Form(field.Shape)} | {field.About.Description} |\n");
            var inner = field.Shape is ListShape list ? list.Item : field.Shape;
            if (inner is RecordShape nested && depth < 4) Rows(page, nested, name + (field.Shape is ListShape ? "[]." : "."), depth + 1);
        }
    }

    private static string Form(Shape shape) => shape switch
    {
        ScalarShape { Words.IsEmpty: false } s => string.Join(", ", s.Words.Select(w => $"`{w}`")),
        ScalarShape s => s.Expected.Replace("|", "\\|", StringComparison.Ordinal),
        ListShape l => $"list of {(l.Item is RecordShape ? "blocks" : Form(l.Item))}",
        MapShape => "texts by name",
        _ => "block",
    };
}
