using System.Collections.Immutable;
using PolicyEngine.Ir;

namespace PolicyEngine.Xds.Linting;

/// <summary>Whether Envoy would take a snapshot: the rules that its API declares, names that must be unique, names that must be there.</summary>
public static class Lint
{
    /// <param name="previous">A snapshot that was linted: a resource that stands in it unchanged is not looked into again.</param>
    /// <param name="elsewhere">A type that is laid over the snapshot where it is served (secrets): whether there is one of a name, others know.</param>
    public static ImmutableArray<Diagnostic> Check(Snapshot snapshot, Snapshot? previous = null, ResourceType? elsewhere = null)
    {
        var diagnostics = new List<Diagnostic>();
        var names = snapshot.Resources.Select(r => (r.Type, r.Name)).ToHashSet();
        foreach (var resource in snapshot.Resources)
        {
            if (!Known(previous, resource)) diagnostics.AddRange(resource.Parts is null ? Check(resource) : CheckParts(resource, previous?.Find(resource.Type, resource.Name)));
            foreach (var reference in resource.References.Value)
                if (reference.Type != elsewhere && !names.Contains((reference.Type, reference.Name))) diagnostics.Add(Dangling(resource, reference, snapshot));
        }
        return diagnostics.Sorted();
    }

    /// <summary>One resource by itself.</summary>
    public static IEnumerable<Diagnostic> Check(Resource resource) =>
        FieldRules.Check(resource.Message).Concat(UniqueNames.Check(resource.Message)).Select(v => About(resource, v));

    /// <summary>A table whose hosts were looked into before is looked into where it is new.</summary>
    private static IEnumerable<Diagnostic> CheckParts(Resource resource, Resource? previous)
    {
        foreach (var (source, part) in resource.Parts!)
        {
            if (previous?.Parts?.TryGetValue(source, out var old) == true && ReferenceEquals(old, part)) continue;
            foreach (var violation in FieldRules.Check(part.Message)) yield return About(resource, violation);
        }
        foreach (var violation in UniqueNames.Check((Ir.RouteTable)resource.Source!)) yield return About(resource, violation);
    }

    private static bool Known(Snapshot? previous, Resource resource) =>
        previous?.Find(resource.Type, resource.Name) is { } old && old.Revision == resource.Revision;

    private static Diagnostic About(Resource resource, Violation violation) => Diagnostic.Of(violation.Rule, violation.Message) with
    {
        Document = resource.Origins.FirstOrDefault(),
        Field = $"{resource.Type} {resource.Name}: {violation.Path}",
        Related = [.. resource.Origins.Skip(1)],
    };

    private static Diagnostic Dangling(Resource resource, ResourceReference reference, Snapshot snapshot) =>
        Diagnostic.Of(DiagnosticCatalogue.DanglingReference, $"{resource.Type} '{resource.Name}' needs {reference.Type} '{reference.Name}', which the snapshot does not have") with
        {
            Document = resource.Origins.FirstOrDefault(),
            Field = reference.Field,
            Related = [.. resource.Origins.Skip(1)],
            Fix = Nearest.Fix(reference.Name, [.. snapshot[reference.Type].Resources.Keys]),
        };
}

/// <summary>A rule broken at a field of a message.</summary>
public sealed record Violation(DiagnosticRule Rule, string Path, string Message);
