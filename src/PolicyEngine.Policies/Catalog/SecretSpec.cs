using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Catalog;

/// <summary>Where a certificate with its key, or an authority, is kept. What is kept there is read on its way to nodes only: no document ever holds it.</summary>
[OneOf("certificate", "ca")]
public sealed record SecretSpec : CatalogSpec
{
    [Field("Certificate that the holder shows, and after it in the same place those that signed it (PEM).")]
    public MaterialPlace? Certificate { get; init; }

    [Field("Private key of the certificate (PEM, not encrypted). It goes with certificate.")]
    public MaterialPlace? Key { get; init; }

    [Field("Certificates of the authorities that peers are checked against (PEM).")]
    public MaterialPlace? Ca { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        if (Certificate is not null && Key is null) yield return new Flaw(DiagnosticCatalogue.MissingField, "key", "a certificate needs its key", "add key: {file: …}");
        if (Certificate is null && Key is not null) yield return new Flaw(DiagnosticCatalogue.ExactlyOne, "key", "an authority has no key here", "remove it, or name the certificate that it belongs to");
    }
}

/// <summary>A file below the server's folder of secrets, or a variable of its environment.</summary>
[OneOf("file", "env")]
public sealed record MaterialPlace
{
    [Field("File below the folder that the server was given with --secrets; it is read again when it changes.", MaxLength = 512, Pattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$", Expected = "a relative path of letters, digits, '.', '_' and '-', no part of which begins with '.'", Example = "shop/tls.crt")]
    public string? File { get; init; }

    [Field("Variable of the server's environment.", MaxLength = 128, Pattern = "^[A-Za-z_][A-Za-z0-9_]*$", Expected = "the name of a variable", Example = "SHOP_TLS_CERT")]
    public string? Env { get; init; }
}
