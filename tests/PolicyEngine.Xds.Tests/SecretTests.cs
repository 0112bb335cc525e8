using System.Text.Encodings.Web;
using System.Text.Json;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Google.Protobuf;
using PolicyEngine.Ir;
using PolicyEngine.Testing;
using PolicyEngine.Xds.Linting;
using Xunit;

namespace PolicyEngine.Xds.Tests;

/// <summary>A listener with TLS names its secrets; a secret's revision tells nothing of its key.</summary>
public sealed class SecretTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly FleetIr Fleet = new() { Name = "edge", Role = FleetRole.Gateway, Listeners = [new Listener { Name = "public.https", Address = "127.0.0.1", Port = 8443, RouteTable = "t", Tls = new("shop-tls", "clients") }], RouteTables = [new RouteTable { Name = "t" }] };

    [Fact]
    public async Task StaticBootstrap_NamesSecretsAndHoldsNone_AndIsTakenByEnvoy()
    {
        var (accepted, output) = await EnvoyProcess.Validate(BootstrapWriter.Write(SnapshotBuilder.Build(Fleet)));
        Assert.True(accepted, output);
    }

    [Fact]
    public void HttpsListener_TakesItsSecretsFromTheNodesOwnStream()
    {
        var snapshot = SnapshotBuilder.Build(Fleet);
        var listener = snapshot.Find(ResourceType.Listener, "public.https")!;
        Assert.Empty(Lint.Check(snapshot, elsewhere: ResourceType.Secret));
        Assert.Empty(snapshot[ResourceType.Secret].Resources);
        Assert.Equal(["shop-tls", "clients"], listener.References.Value.Where(r => r.Type == ResourceType.Secret).Select(r => r.Name));
        var socket = ((Envoy.Config.Listener.V3.Listener)listener.Message).FilterChains[0].TransportSocket;
        Golden.Match(EnvoyJson.Node(socket).ToJsonString(Indented), Path.Combine(Golden.Folder("goldens"), "https.socket.json"));
    }

    [Fact]
    public void Revision_OfASecret_MovesWithEveryPart_AndIsNoHashOfIt()
    {
        var one = Of("chain", "key");
        Assert.Equal(one.Revision, Of("chain", "key").Revision);
        Assert.Equal(one.Revision, Resource.FromBytes(ResourceType.Secret, "s", one.Body, []).Revision);
        Assert.Equal(4, new[] { one, Of("chain2", "key"), Of("chain", "key2"), Of("chain", "") }.Select(r => r.Revision).Distinct().Count());
        Assert.NotEqual(Revision.Of(one.Body.Span), one.Revision);
        Assert.NotEqual(Revision.Of("key"), one.Revision);
    }

    private static Resource Of(string chain, string key) => Resource.Of(ResourceType.Secret, "s", new Secret
    {
        Name = "s",
        TlsCertificate = new() { CertificateChain = new() { InlineBytes = ByteString.CopyFromUtf8(chain) }, PrivateKey = new() { InlineBytes = ByteString.CopyFromUtf8(key) } },
    }, []);
}
