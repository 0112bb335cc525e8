using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Cli.Evals;

/// <summary>A case with the category and set that its file puts it in.</summary>
internal sealed record PlacedCase(EvalCase Case, string Category, EvalSet Set);

/// <summary>Cases from <c>open/*.yaml</c> and <c>held-out/*.yaml</c>, as strictly read as policies are.</summary>
internal static class CaseReader
{
    private const int Share = 3;

    public static string Folder(EvalSet set) => set == EvalSet.Open ? "open" : "held-out";

    /// <summary>
    /// The set that a case belongs to, by its id alone, so that nobody chooses: of each category every third, from a number on that the hash
    /// of the category's name gives.
    /// </summary>
    public static EvalSet SetOf(string category, string id)
    {
        var number = int.TryParse(id.AsSpan(id.LastIndexOf('-') + 1), out var n) ? n : 0;
        return number % Share == SHA256.HashData(Encoding.UTF8.GetBytes(category))[0] % Share ? EvalSet.HeldOut : EvalSet.Open;
    }

    public static (ImmutableArray<PlacedCase> Cases, ImmutableArray<Diagnostic> Diagnostics) Read(string folder, IEnumerable<EvalSet> sets)
    {
        var (cases, diagnostics) = (ImmutableArray.CreateBuilder<PlacedCase>(), ImmutableArray.CreateBuilder<Diagnostic>());
        foreach (var set in sets)
        {
            var below = Path.Combine(folder, Folder(set));
            var files = Directory.Exists(below) ? Directory.EnumerateFiles(below, "*.yaml").Order(StringComparer.Ordinal).ToList() : [];
            if (files.Count == 0) diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.UnreadableFile, $"there are no cases (*.yaml) in '{below}'"));
            foreach (var file in files) cases.AddRange(ReadFile(file, set, diagnostics));
        }
        foreach (var twice in cases.GroupBy(c => c.Case.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
            diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.DuplicateDocument, $"the case '{twice.Key}' stands twice"));
        foreach (var placed in cases)
            foreach (var version in Nameless(placed.Case))
                diagnostics.Add(Diagnostic.Of(DiagnosticCatalogue.InvalidValue, $"the case '{placed.Case.Id}' expects requests to go to '{version}', a version of which service?") with { Fix = $"write 'service.{version}', or name the service that the requests came to ('service: …')" });
        return (cases.ToImmutable(), diagnostics.ToImmutable());
    }

    /// <summary>Versions that stand alone in an effect that names no service: whose they are, nothing says.</summary>
    private static IEnumerable<string> Nameless(EvalCase @case) =>
        @case.Effects.SelectMany(e => e).Where(e => e.Service is null).SelectMany(e => e.To.Keys.Where(k => !k.Contains('.', StringComparison.Ordinal)));

    private static IEnumerable<PlacedCase> ReadFile(string file, EvalSet set, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var (nodes, malformed) = DocReader.Read(File.ReadAllText(file), file);
        diagnostics.AddRange(malformed);
        var parser = new ShapeParser(diagnostics, null);
        var files = nodes.Select(n => parser.Parse(n, ShapeOf.Record(typeof(EvalFile)), "")).OfType<EvalFile>();
        return files.SelectMany(f => f.Cases.Select(c => new PlacedCase(c, f.Category, set))).ToList();
    }
}
