using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolicyEngine.ControlPlane.Admission;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;
using static PolicyEngine.ControlPlane.Tests.XdsHost;

namespace PolicyEngine.ControlPlane.Tests;

/// <summary>The port for clients of REST that speak HTTP/1.1 only, down to the bytes on the socket.</summary>
public sealed class RestPortTests
{
    private const string Node = """{"node": {"id": "n1", "cluster": "fleet"}}""";

    [Fact]
    public async Task F4_Http11_GivesTheResponse_AndOnTheSameConnectionNothingWhereItIsKnown()
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        using var tcp = new TcpClient("127.0.0.1", host.RestPort);
        var client = new Http11(tcp.GetStream());
        var first = await client.Post("/v3/discovery:clusters", Node);
        Assert.Equal(200, first.Status);
        var version = System.Text.Json.Nodes.JsonNode.Parse(first.Body)!["version_info"]!.GetValue<string>();
        Assert.Contains("\"a\"", first.Body, StringComparison.Ordinal);
        var again = await client.Post("/v3/discovery:clusters", $$"""{"node": {"id": "n1", "cluster": "fleet"}, "version_info": "{{version}}"}""");
        Assert.Equal((304, ""), again);
        host.Cache.Publish(Snapshot(null, ("b", 1)));
        Assert.Contains("\"b\"", (await client.Post("/v3/discovery:clusters", $$"""{"node": {"id": "n1", "cluster": "fleet"}, "version_info": "{{version}}"}""")).Body, StringComparison.Ordinal);
        Assert.Equal(400, (await client.Post("/v3/discovery:clusters", "{")).Status);
    }

    [Theory]
    [InlineData("/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources")]
    [InlineData("/envoy.service.cluster.v3.ClusterDiscoveryService/FetchClusters")]
    [InlineData("/envoy.service.status.v3.ClientStatusDiscoveryService/FetchClientStatus")]
    [InlineData("/grpc.health.v1.Health/Check")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("/policyengine.collections.v1.SnapshotCollections/Watch")]
    [InlineData("/v3/discovery:aggregated")]
    [InlineData("/")]
    public async Task F4_NothingElse_IsThere(string path)
    {
        await using var host = await Start();
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        using var tcp = new TcpClient("127.0.0.1", host.RestPort);
        Assert.Equal(404, (await new Http11(tcp.GetStream()).Post(path, "", "application/grpc")).Status);
    }

    [Fact]
    public async Task F4_Http2_IsForTheOtherPort()
    {
        await using var host = await Start();
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync(new Uri($"http://127.0.0.1:{host.RestPort}/v3/discovery:clusters"), new StringContent(Node), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task F7_Places_AreThoseOfBothPorts()
    {
        await using var host = await Start(new ControlPlaneOptions { MostStreamsPerPeer = 1 });
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        await using (var stream = host.Sotw())
        {
            await stream.Send(ResourceType.Cluster);
            await stream.Next();
            using var tcp = new TcpClient("127.0.0.1", host.RestPort);
            Assert.Equal(429, (await new Http11(tcp.GetStream()).Post("/v3/discovery:clusters", Node)).Status);
        }
        await Waiting.Until(async () =>
        {
            using var tcp = new TcpClient("127.0.0.1", host.RestPort);
            return (await new Http11(tcp.GetStream()).Post("/v3/discovery:clusters", Node)).Status == 200;
        }, "the place to be free again");
    }

    [Fact]
    public async Task F10_MutualTls_HoldsHereToo()
    {
        using var authority = new Authority();
        var (certificate, key) = authority.Sign("server", "127.0.0.1");
        await using var host = await Start(tls: new TlsFiles(certificate, key, authority.Root, new FakeTimeProvider(), _ => { }));
        host.Cache.Publish(Snapshot(null, ("a", 1)));
        Assert.Equal(200, await Status(host, authority, "spiffe://test/fleet"));
        Assert.Equal(403, await Status(host, authority, "spiffe://test/other"));
        using var stranger = new Authority("somebody else");
        await Assert.ThrowsAnyAsync<Exception>(() => Status(host, stranger, "spiffe://test/fleet"));
        await Assert.ThrowsAnyAsync<Exception>(() => Status(host, null));
        using var plain = new TcpClient("127.0.0.1", host.RestPort);
        await Assert.ThrowsAnyAsync<IOException>(() => new Http11(plain.GetStream()).Post("/v3/discovery:clusters", Node));
    }

    private static async Task<int> Status(XdsHost host, Authority? authority, params string[] names)
    {
        using var tcp = new TcpClient("127.0.0.1", host.RestPort);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificates = authority is null ? [] : [Certificate(authority.Sign("node", names))],
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        Assert.Equal(SslApplicationProtocol.Http11, tls.NegotiatedApplicationProtocol);
        return (await new Http11(tls).Post("/v3/discovery:clusters", Node)).Status;

        static X509Certificate2 Certificate((string Certificate, string Key) files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
    }

    /// <summary>As little of HTTP/1.1 as it takes.</summary>
    private sealed class Http11(Stream stream)
    {
        public async Task<(int Status, string Body)> Post(string path, string body, string type = "application/json")
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nhost: xds\r\ncontent-type: {type}\r\ncontent-length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
            var status = int.Parse((await Line()).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            int? length = null;
            var chunked = false;
            while (await Line() is { Length: > 0 } header)
            {
                if (header.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture);
                chunked |= header.Equals("transfer-encoding: chunked", StringComparison.OrdinalIgnoreCase);
            }
            if (!chunked) return (status, await Read(length ?? 0));
            var text = new StringBuilder();
            while (int.Parse(await Line(), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var size)
            {
                text.Append(await Read(size));
                await Line();
            }
            await Line();
            return (status, text.ToString());
        }

        private async Task<string> Line()
        {
            var line = new StringBuilder();
            while (await Read(1) is var next && next != "\n") line.Append(next);
            return line.ToString().TrimEnd('\r');
        }

        private async Task<string> Read(int count)
        {
            var bytes = new byte[count];
            await stream.ReadExactlyAsync(bytes).AsTask().WithTimeout();
            return Encoding.UTF8.GetString(bytes);
        }
    }
}
