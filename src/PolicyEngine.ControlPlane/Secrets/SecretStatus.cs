using PolicyEngine.Ir;

namespace PolicyEngine.ControlPlane.Secrets;

/// <summary>Served as it should be; soon or already out of time; kept as it was, because what is there now cannot be used; not there at all.</summary>
public enum SecretState { Served, Expiring, Expired, Kept, Missing }

/// <summary>How a secret stands, for people: everything but the secret.</summary>
/// <param name="Facts">Of the certificate that nodes are given; null where there is none.</param>
/// <param name="Version">What nodes are sent it under.</param>
public sealed record SecretStatus(SecretPlace Place, SecretState State, CertificateFacts? Facts, Revision Version, DateTimeOffset? Since, Diagnostic? Problem);
