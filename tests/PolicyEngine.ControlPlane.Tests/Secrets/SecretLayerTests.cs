using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.Secrets;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using EnvoyListener = Envoy.Config.Listener.V3.Listener;

namespace PolicyEngine.ControlPlane.Tests.Secrets;

/// <summary>What is read of files and variables, what of it is served to whom, and what happens to it when the files change.</summary>
public sealed class SecretLayerTests : IDisposable
{
    private readonly Authority _authority = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly List<SecretPlace> _places = [];

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Snapshot_GetsTheSecretsThatItNames_AndNoOthers()
    {
        Place("a");
        Place("b");
        var layer = Layer();
        Assert.Equal(["a"], layer.Over(Naming("a"))[ResourceType.Secret].Resources.Keys);
        Assert.Equal(["b"], layer.Over(Naming("b"))[ResourceType.Secret].Resources.Keys);
        Assert.Empty(layer.Over(Naming("nobody"))[ResourceType.Secret].Resources);
        var plain = XdsHost.Snapshot(null, ("c", 1));
        Assert.Same(plain, layer.Over(plain));
    }

    [Fact]
    public void NewCertificate_IsServed_AndSaidOnce()
    {
        Place("a");
        var layer = Layer();
        var (before, told) = (layer.Over(Naming("a")), 0);
        layer.Changed += () => told++;
        layer.Refresh();
        Assert.Equal(0, told);
        _authority.Sign("a", "new.example.com");
        layer.Refresh();
        layer.Refresh();
        Assert.Equal(1, told);
        Assert.NotEqual(before[ResourceType.Secret].Version, layer.Over(Naming("a"))[ResourceType.Secret].Version);
        Assert.Equal(["new.example.com"], Assert.Single(layer.Statuses).Facts!.Names);
    }

    [Theory]
    [InlineData("key", "-----BEGIN PRIVATE KEY-----\nMIGH", "it holds no whole private key (PEM)")]
    [InlineData("key", "", "it holds no whole private key (PEM)")]
    [InlineData("key", "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END PRIVATE KEY-----\n", "the key is not that of the certificate")]
    [InlineData("key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGHAgEAMBMG\n-----END ENCRYPTED PRIVATE KEY-----\n", "the key is encrypted")]
    [InlineData("pem", "-----BEGIN CERTIFICATE-----\nMIIB", "it holds no whole certificate (PEM)")]
    [InlineData("pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "its certificate number 1 cannot be read")]
    [InlineData("pem", null, "there is no such file")]
    public void BrokenFile_LeavesWhatWas_AndIsReported(string ending, string? text, string says)
    {
        Place("a");
        var layer = Layer();
        var served = layer.Over(Naming("a"));
        var path = Path.Combine(_authority.Folder, "a." + ending);
        if (text is null) File.Delete(path);
        else File.WriteAllText(path, text);
        layer.Refresh();
        Assert.Equal(served[ResourceType.Secret].Version, layer.Over(Naming("a"))[ResourceType.Secret].Version);
        var status = Assert.Single(layer.Statuses);
        Assert.Equal((SecretState.Kept, "PE7001"), (status.State, status.Problem!.Code));
        Assert.Contains(says, status.Problem.Message);
        Assert.DoesNotContain("MIGH", status.Problem.ToString());

        _authority.Sign("a", "a.example.com");
        layer.Refresh();
        Assert.Equal(SecretState.Expiring, Assert.Single(layer.Statuses).State);
    }

    [Fact]
    public void CertificateWithAMalformedName_LeavesWhatWas_AndIsReported()
    {
        Place("a");
        var layer = Layer();
        var served = layer.Over(Naming("a"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0xff], critical: false));
        using var certificate = request.CreateSelfSigned(_time.GetUtcNow().AddHours(-1), _time.GetUtcNow().AddDays(30));
        File.WriteAllText(Path.Combine(_authority.Folder, "a.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_authority.Folder, "a.key"), key.ExportPkcs8PrivateKeyPem());
        layer.Refresh();
        Assert.Equal(served[ResourceType.Secret].Version, layer.Over(Naming("a"))[ResourceType.Secret].Version);
        Assert.Equal(SecretState.Kept, Assert.Single(layer.Statuses).State);
    }

    [Fact]
    public void CertificateBeforeItsKey_WaitsForIt()
    {
        Place("a");
        var layer = Layer();
        var old = Fingerprint(layer);
        var key = File.ReadAllText(Path.Combine(_authority.Folder, "a.key"));
        _authority.Sign("a", "a.example.com");
        var next = File.ReadAllText(Path.Combine(_authority.Folder, "a.key"));
        File.WriteAllText(Path.Combine(_authority.Folder, "a.key"), key);
        layer.Refresh();
        Assert.Equal(old, Fingerprint(layer));
        File.WriteAllText(Path.Combine(_authority.Folder, "a.key"), next);
        layer.Refresh();
        Assert.NotEqual(old, Fingerprint(layer));
    }

    [Fact]
    public void EndedCertificate_IsReported_AndServedWhereThereIsNoBetter()
    {
        Place("a");
        var layer = Layer();
        Assert.Equal(SecretState.Expiring, Assert.Single(layer.Statuses).State);
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal((SecretState.Expired, "PE7002"), (Assert.Single(layer.Statuses).State, Assert.Single(layer.Statuses).Problem!.Code));
        // Better than nothing, also where it is ended from the start.
        Assert.Single(Layer().Over(Naming("a"))[ResourceType.Secret].Resources);
    }

    [Fact]
    public void FileOfCertificates_ThatHoldsTheKeyToo_PutsItNowhereElse()
    {
        var (certificate, key) = _authority.Sign("both", "a.example.com");
        File.AppendAllText(certificate, "\n" + File.ReadAllText(key));
        _places.Add(new SecretPlace("both", new("both.pem", null), new("both.pem", null), null));
        var secret = (Secret)Layer().Over(Naming("both")).Find(ResourceType.Secret, "both")!.Message;
        Assert.DoesNotContain("PRIVATE KEY", secret.TlsCertificate.CertificateChain.InlineBytes.ToStringUtf8());
        Assert.Contains("PRIVATE KEY", secret.TlsCertificate.PrivateKey.InlineBytes.ToStringUtf8());
    }

    [Fact]
    public void Authority_IsAValidationContext()
    {
        _places.Add(new SecretPlace("ca", null, null, new("ca.pem", null)));
        var secret = (Secret)Layer().Over(Naming("ca")).Find(ResourceType.Secret, "ca")!.Message;
        Assert.Contains("BEGIN CERTIFICATE", secret.ValidationContext.TrustedCa.InlineBytes.ToStringUtf8());
    }

    [Fact]
    public void Variables_HoldSecretsToo()
    {
        var (certificate, key) = _authority.Sign("env", "env.example.com");
        Environment.SetEnvironmentVariable("SECRET_LAYER_TEST_CERT", File.ReadAllText(certificate));
        Environment.SetEnvironmentVariable("SECRET_LAYER_TEST_KEY", File.ReadAllText(key));
        _places.Add(new SecretPlace("env", new(null, "SECRET_LAYER_TEST_CERT"), new(null, "SECRET_LAYER_TEST_KEY"), null));
        _places.Add(new SecretPlace("none", new(null, "SECRET_LAYER_TEST_NONE"), new(null, "SECRET_LAYER_TEST_KEY"), null));
        var statuses = Layer().Statuses.ToDictionary(s => s.Place.Name, s => s.State);
        Assert.Equal((SecretState.Expiring, SecretState.Missing), (statuses["env"], statuses["none"]));
    }

    [Fact]
    public void LinkThatLeadsOutOfTheFolder_IsNotFollowed_AndOneWithinIs()
    {
        var (certificate, key) = _authority.Sign("a", "a.example.com");
        var folder = Directory.CreateDirectory(Path.Combine(_authority.Folder, "inner")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "a.pem"), certificate);
        File.Copy(key, Path.Combine(folder, "a.key"));
        _places.Add(new SecretPlace("a", new("a.pem", null), new("a.key", null), null));
        var status = Assert.Single(Layer(folder).Statuses);
        Assert.Contains("it leads out of the folder of secrets", status.Problem!.Message);
        Assert.Equal(SecretState.Expiring, Assert.Single(Layer().Statuses).State);
    }

    [Fact]
    public void NoFolder_IsSaid() => Assert.Contains("--secrets", Assert.Single(Missing().Statuses).Problem!.Message);

    private SecretLayer Missing()
    {
        Place("a");
        return new SecretLayer(null, () => _places, _time, NullLogger<SecretLayer>.Instance);
    }

    private void Place(string name)
    {
        _authority.Sign(name, $"{name}.example.com");
        _places.Add(new SecretPlace(name, new($"{name}.pem", null), new($"{name}.key", null), null));
    }

    private SecretLayer Layer(string? folder = null) => new(folder ?? _authority.Folder, () => _places, _time, NullLogger<SecretLayer>.Instance);

    private static string Fingerprint(SecretLayer layer) => Assert.Single(layer.Statuses).Facts!.Fingerprint;

    internal static Snapshot Naming(string secret) => Snapshot.Of("fleet", [Resource.Of(ResourceType.Listener, "l", new EnvoyListener
    {
        Name = "l",
        FilterChains =
        {
            new Envoy.Config.Listener.V3.FilterChain
            {
                TransportSocket = new()
                {
                    Name = "tls",
                    TypedConfig = Canonical.Pack(new DownstreamTlsContext { CommonTlsContext = new() { TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = secret, SdsConfig = new() { Ads = new() } } } } }),
                },
            },
        },
    }, [])]);
}
