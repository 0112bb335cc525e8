using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Telemetry.Remedies;

/// <summary>How the documents of remedies are called and marked.</summary>
public static class Overlay
{
    public const string PlaybookLabel = "playbook";
    public const string FindingLabel = "finding";
    private const int LongestName = 63;
    private const string Prefix = "remedy-";

    /// <summary>The name of what is laid over a document: the same each time, so that there is never more than one.</summary>
    public static string NameOf(Document standing) => NameOf(standing.Name);

    public static string NameOf(string name) => Prefix.Length + name.Length <= LongestName ? Prefix + name : $"{Prefix}{name[..(LongestName - Prefix.Length - 9)]}-{Revision.Of(name).Short[..8]}";

    public static bool IsRemedy(Document document) => document.Metadata.Labels.ContainsKey(FindingLabel) && document.Metadata.ExpiresAt is not null;
}
