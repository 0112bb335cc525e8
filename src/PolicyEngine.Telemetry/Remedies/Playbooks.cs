using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Playbooks;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>The playbooks that there are, in the order in which they are tried: the narrowest first, then by name.</summary>
public sealed class Playbooks(IEnumerable<Document> documents)
{
    public static readonly Playbooks Empty = new([]);

    public ImmutableArray<Document> All { get; } =
    [
        .. documents.Where(d => d.Spec is PlaybookSpec).OrderBy(d => ((PlaybookSpec)d.Spec).AtMostShare ?? Percentage.Hundred).ThenBy(d => d.Name, StringComparer.Ordinal),
    ];

    /// <summary>The playbooks of a folder. Those that are right come through; with an error the caller decides whether to go on.</summary>
    public static (Playbooks Playbooks, ImmutableArray<Diagnostic> Diagnostics) Read(string folder)
    {
        var read = DocumentFolder.Read(folder, [Kinds.Playbook]);
        return (new Playbooks(read.Documents), read.Diagnostics);
    }
}
