using System.Security.Cryptography;
using PolicyEngine.Ir;

namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>The last of a secret that could be used, since when, and why what is there now cannot be.</summary>
internal sealed record HeldSecret(SecretPlace Place, SecretMaterial? Material, DateTimeOffset? Since, string? Unusable)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>What is there now takes the place of what was, unless it is broken, or out of time where the other is not.</summary>
    public static HeldSecret Look(SecretPlace place, HeldSecret? before, SecretFolder folder, DateTimeOffset now)
    {
        try
        {
            var found = SecretMaterial.Read(place, folder);
            if (before?.Material is not { } old) return new(place, found, now, null);
            if (old.Resource.Revision == found.Resource.Revision) return new(place, old, before.Since, null);
            return IsGood(found, now) || !IsGood(old, now)
                ? new(place, found, now, null)
                : new(place, old, before.Since, found.Facts.NotAfter <= now ? $"what is there ended at {found.Facts.NotAfter:u}" : $"what is there does not begin before {found.Facts.NotBefore:u}");
        }
        catch (SecretException e)
        {
            return new(place, before?.Material, before?.Since, e.Message);
        }
        catch (CryptographicException)
        {
            // Its parts are looked at one by one, and each may be malformed in a way of its own.
            return new(place, before?.Material, before?.Since, "its certificate has a part that cannot be read");
        }
    }

    public SecretStatus Status(DateTimeOffset now)
    {
        var problem = Problem(now);
        var state = Material is null ? SecretState.Missing
            : Unusable is not null ? SecretState.Kept
            : problem is null ? SecretState.Served
            : problem.Code == DiagnosticCatalogue.SecretExpiring.Code ? SecretState.Expiring : SecretState.Expired;
        return new(Place, state, Material?.Facts, Material?.Resource.Revision ?? Revision.None, Since, problem is null ? null : problem with { Document = $"Secret/{Place.Name}" });
    }

    private Diagnostic? Problem(DateTimeOffset now) =>
        Unusable is not null ? Diagnostic.Of(DiagnosticCatalogue.SecretUnusable, Material is null ? $"{Unusable}; nodes get nothing" : $"{Unusable}; nodes keep what was there before")
        : Material is null || IsGood(Material, now + Soon) ? null
        : Material.Facts.NotAfter <= now ? Diagnostic.Of(DiagnosticCatalogue.SecretExpired, $"it ended at {Material.Facts.NotAfter:u}")
        : Material.Facts.NotBefore > now ? Diagnostic.Of(DiagnosticCatalogue.SecretExpired, $"it does not begin before {Material.Facts.NotBefore:u}")
        : Diagnostic.Of(DiagnosticCatalogue.SecretExpiring, $"it ends at {Material.Facts.NotAfter:u}");

    private static bool IsGood(SecretMaterial material, DateTimeOffset at) => material.Facts.NotBefore <= at && at < material.Facts.NotAfter;
}
