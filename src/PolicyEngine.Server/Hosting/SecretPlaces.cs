using PolicyEngine.ControlPlane.Secrets;
using PolicyEngine.Policies;
using Material = PolicyEngine.Policies.Catalog.MaterialPlace;

namespace PolicyEngine.Server.Hosting;

/// <summary>Catalog to control plane: where secrets are kept.</summary>
internal static class SecretPlaces
{
    public static IEnumerable<SecretPlace> Of(ServiceCatalog catalog) => catalog.Secrets.Select(s => new SecretPlace(s.Key, Of(s.Value.Certificate), Of(s.Value.Key), Of(s.Value.Ca)));

    private static MaterialPlace? Of(Material? place) => place is null ? null : new(place.File, place.Env);
}
