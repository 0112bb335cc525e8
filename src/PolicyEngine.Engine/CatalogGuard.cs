using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Engine;

/// <summary>A source that suddenly reports nothing for a service is more likely broken than the service: its last endpoints are kept (DESIGN promise 10).</summary>
internal static class CatalogGuard
{
    public static ServiceCatalog Guarded(ServiceCatalog old, ServiceCatalog now) => new(now.Documents.Values.Select(d => Guarded(d, old)));

    private static Document Guarded(Document document, ServiceCatalog old)
    {
        if (document.Spec is not ServiceSpec now || old.Services.GetValueOrDefault(document.Name) is not { } before) return document;
        var emptied = now.Versions.All(v => v.Endpoints.IsEmpty) && before.Versions.Any(v => v.Endpoints.Length > 0);
        return emptied
            ? document.With(now with { Versions = [.. now.Versions.Select(v => v with { Endpoints = before.Versions.FirstOrDefault(b => b.Name == v.Name)?.Endpoints ?? [] })] })
            : document;
    }
}
