using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Compiler;

/// <summary>Looks names up in the catalog; what is not there is a diagnostic with the nearest names.</summary>
internal sealed class Names(ServiceCatalog catalog)
{
    public ServiceCatalog Catalog { get; } = catalog;

    public ServiceSpec? Service(string name) => Catalog.Services.GetValueOrDefault(name);

    /// <summary>The version that takes requests no split speaks of; null where the catalog does not say.</summary>
    public string? DefaultVersion(string service) =>
        Service(service) is not { } spec ? null : spec.DefaultVersion ?? (spec.Versions is [var only] ? only.Name : null);

    public static string Upstream(string service, string version) => $"{service}.{version}";

    public static Diagnostic Unknown(string what, string name, IEnumerable<string> known, Document document, string field) =>
        Diagnostic.Of(DiagnosticCatalogue.UnknownTarget, $"there is no {what} '{name}'") with
        {
            Document = document.Id,
            Field = field,
            Location = document.Place(field),
            Fix = Nearest.Fix(name, [.. known]),
        };
}
