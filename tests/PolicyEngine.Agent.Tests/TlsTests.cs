using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolicyEngine.ControlPlane;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Agent.Tests;

/// <summary>An agent and a server that know each other by certificates of one authority.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Agent_ShowsItsCertificate_AndTrustsAServerOfItsAuthority()
    {
        Write("ours", "server", "agent");
        await using var server = await Server();
        await using var agent = await AgentApp.Start(Options(server, "ours"), TestContext.Current.CancellationToken);
        await Waiting.Until(() => agent.Current is not null, "the first version");
        Assert.Equal("agent-1", Assert.Single(server.Services.GetRequiredService<NodeRegistry>().Nodes).Node.Id);
    }

    [Fact]
    public async Task ServerOfAnotherAuthority_IsNotTrusted()
    {
        Write("ours", "server", "agent");
        Write("theirs", "agent-of-theirs");
        await using var server = await Server();
        var options = AgentOptions.Parse(Address(server), "agent-1", "fleet", [], "127.0.0.1:0", Path.Combine(_folder, "data")).WithTls(File("theirs"), File("agent"), File("agent.key"));
        await using var agent = await AgentApp.Start(options, TestContext.Current.CancellationToken);
        await Waiting.Until(() => _handshakes > 1, "it to have tried twice");
        Assert.Null(agent.Current);
        Assert.Empty(server.Services.GetRequiredService<NodeRegistry>().Nodes);
    }

    [Fact]
    public async Task FilesThatCannotBeUsed_AreSaidAtTheStart()
    {
        Write("ours", "agent");
        var options = AgentOptions.Parse("https://127.0.0.1:1", "agent-1", "fleet", [], "127.0.0.1:0", Path.Combine(_folder, "data"));
        foreach (var (ca, certificate, key, says) in new[] { ("none", "agent", "agent.key", "--tls-ca: '"), ("ours", "agent", "ours", "--tls-cert, --tls-key: '"), ("agent.key", "agent", "agent.key", "it holds no certificate") })
        {
            var error = await Assert.ThrowsAsync<InvalidOperationException>(() => AgentApp.Start(options.WithTls(File(ca), File(certificate), File(key)), TestContext.Current.CancellationToken));
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
        Assert.Contains("go together", Assert.Throws<ArgumentException>(() => options.WithTls(File("ours"), null, null)).Message, StringComparison.Ordinal);
    }

    private int _handshakes;

    private string File(string name) => Path.Combine(_folder, name);

    private AgentOptions Options(WebApplication server, string authority) =>
        AgentOptions.Parse(Address(server), "agent-1", "fleet", [], "127.0.0.1:0", Path.Combine(_folder, "data")).WithTls(File(authority), File("agent"), File("agent.key"));

    private static string Address(WebApplication server) => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private async Task<WebApplication> Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l =>
        {
            l.Protocols = HttpProtocols.Http2;
            l.Use(next => connection =>
            {
                Interlocked.Increment(ref _handshakes);
                return next(connection);
            });
            l.UseHttps(h =>
            {
                h.ServerCertificate = X509CertificateLoader.LoadPkcs12(X509Certificate2.CreateFromPemFile(File("server"), File("server.key")).Export(X509ContentType.Pkcs12), null);
                h.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                h.ClientCertificateValidation = (certificate, _, _) => certificate.Subject == "CN=agent";
            });
        }));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IFleetSelector, ByCluster>();
        builder.Services.AddControlPlane(new ControlPlaneOptions());
        var app = builder.Build();
        app.MapControlPlane();
        app.Services.GetRequiredService<SnapshotCache>().Publish(Samples.Snapshot(("a", 1)));
        await app.StartAsync();
        return app;
    }

    /// <summary>An authority, and certificates for 127.0.0.1 that it signed.</summary>
    private void Write(string authority, params string[] names)
    {
        var (from, until) = (new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authority}", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(from, until);
        System.IO.File.WriteAllText(File(authority), root.ExportCertificatePem());
        foreach (var (name, i) in names.Select((n, i) => (n, i)))
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var alternatives = new SubjectAlternativeNameBuilder();
            alternatives.AddIpAddress(IPAddress.Loopback);
            leaf.CertificateExtensions.Add(alternatives.Build());
            leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
            using var signed = leaf.Create(root, from, until, [1, (byte)i]);
            System.IO.File.WriteAllText(File(name), signed.ExportCertificatePem());
            System.IO.File.WriteAllText(File(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private sealed class ByCluster : IFleetSelector
    {
        public string? FleetOf(NodeIdentity node) => node.Cluster;
    }
}
