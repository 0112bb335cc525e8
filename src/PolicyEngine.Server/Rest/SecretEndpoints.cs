using PolicyEngine.ControlPlane.Secrets;

namespace PolicyEngine.Server.Rest;

/// <summary>How secrets stand: where they are kept, whose certificates they are, how long those last. The fields are named one by one, so that none is shown by mistake.</summary>
internal static class SecretEndpoints
{
    public static void MapSecrets(this RouteGroupBuilder api) =>
        api.MapGet("/secrets", (SecretLayer secrets) => Shown.Json(secrets.Statuses.Select(Secret))).WithTags("fleets");

    private static object Secret(SecretStatus secret) => new
    {
        secret.Place.Name,
        kind = secret.Place.Authority is null ? "certificate" : "authority",
        from = new[] { secret.Place.Certificate, secret.Place.Key, secret.Place.Authority }.OfType<MaterialPlace>().Select(p => p.ToString()),
        secret.State,
        secret.Facts?.Subject,
        names = secret.Facts?.Names,
        notBefore = secret.Facts?.NotBefore,
        notAfter = secret.Facts?.NotAfter,
        secret.Facts?.Fingerprint,
        version = secret.Version.Short,
        secret.Since,
        secret.Problem,
    };
}
