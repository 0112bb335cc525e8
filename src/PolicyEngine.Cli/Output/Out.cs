using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;
using Spectre.Console;

namespace PolicyEngine.Cli.Output;

/// <summary>Results go to standard output, everything else to standard error; what comes from outside is shown as text, never as markup or control sequences.</summary>
internal static class Out
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Json(JsonNode node) => Console.WriteLine(node.ToJsonString(Indented));

    public static void Json(object value) => Json(JsonSerializer.SerializeToNode(value, JournalJson.Options)!);

    public static void Line(string text = "") => Console.WriteLine(Safe(text));

    public static void Error(string text) => Console.Error.WriteLine("error: " + Safe(text));

    public static void Note(string text) => Console.Error.WriteLine(Safe(text));

    public static void Diagnostics(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Console.Error.WriteLine(Safe(diagnostic.ToString()));
    }

    public static JsonArray ToJson(IEnumerable<Diagnostic> diagnostics) => new([.. diagnostics.Select(d => JsonSerializer.SerializeToNode(d, JournalJson.Options))]);

    public static void Table(IEnumerable<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns) table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var row in rows) table.AddRow([.. row.Select(c => new Text(Safe(c)))]);
        AnsiConsole.Write(table);
    }

    /// <summary>Without control characters, so that no name can move the cursor or hide a line.</summary>
    public static string Safe(string text) => text.Any(c => char.IsControl(c) && c is not ('\n' or '\t'))
        ? string.Concat(text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c))
        : text;
}
