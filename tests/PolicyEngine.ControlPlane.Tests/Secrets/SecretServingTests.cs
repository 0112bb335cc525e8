using System.Net;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Secret.V3;
using Envoy.Service.Status.V3;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using PolicyEngine.ControlPlane.Nodes;
using PolicyEngine.ControlPlane.Secrets;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.ControlPlane.Tests.Secrets;

/// <summary>Secrets on the wire: to whom they go, and what of them is shown to others.</summary>
public sealed class SecretServingTests : IDisposable
{
    private readonly Authority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task PlainTextFromAfar_IsServedAllButSecrets()
    {
        await using var host = await Host(s => s.AddSingleton<IStartupFilter, FromAfar>());
        await using var client = host.Delta();
        await client.Send(ResourceType.Listener);
        await client.Ack(await client.Next());
        await client.Send(ResourceType.Secret, subscribe: ["s"]);
        var refused = await Assert.ThrowsAsync<RpcException>(client.Next);
        Assert.Equal((StatusCode.PermissionDenied, "secrets go over TLS or to the same machine only, and the connection of 192.0.2.7 is neither"), (refused.StatusCode, refused.Status.Detail));
        var request = new DiscoveryRequest { Node = new() { Id = "n", Cluster = "fleet" }, ResourceNames = { "s" } };
        refused = await Assert.ThrowsAsync<RpcException>(async () => await new SecretDiscoveryService.SecretDiscoveryServiceClient(host.Channel).FetchSecretsAsync(request).ResponseAsync.WithTimeout());
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task OtherFleet_IsServedNone()
    {
        await using var host = await Host();
        host.Cache.Publish(Xds.Snapshot.Of("other", []));
        var request = new DiscoveryRequest { Node = new() { Id = "n", Cluster = "other" }, ResourceNames = { "s" } };
        Assert.Empty((await new SecretDiscoveryService.SecretDiscoveryServiceClient(host.Channel).FetchSecretsAsync(request).ResponseAsync.WithTimeout()).Resources);
        request.Node.Cluster = "fleet";
        Assert.Single((await new SecretDiscoveryService.SecretDiscoveryServiceClient(host.Channel).FetchSecretsAsync(request).ResponseAsync.WithTimeout()).Resources);
    }

    [Fact]
    public async Task RefusalThatQuotesTheKey_IsKeptWithoutIt_AndTheStatusShowsNone()
    {
        await using var host = await Host();
        var key = await File.ReadAllTextAsync(Path.Combine(_authority.Folder, "s.key"));
        await using var client = host.Delta();
        await client.Send(ResourceType.Secret, subscribe: ["s"]);
        await client.Send(ResourceType.Secret, (await client.Next()).Nonce, $"Failed to load private key {key} of s");
        await Waiting.Until(() => host.Nodes.Nodes.SelectMany(n => n.Types).Any(t => t.State == SyncState.Rejected), "the refusal");
        var message = host.Nodes.Nodes.Single().Types.Single().Rejection!.Message;
        Assert.StartsWith("Failed to load private key [redacted PRIVATE KEY, SHA-256 ", message);
        Assert.EndsWith("…] of s", message);
        var dump = (await new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(host.Channel).FetchClientStatusAsync(new ClientStatusRequest()).ResponseAsync.WithTimeout()).ToString();
        Assert.Contains("redacted", dump);
        Assert.All(key.Split('\n').Where(l => l.Length > 16 && !l.StartsWith('-')), line => Assert.DoesNotContain(line[..16], message + dump));
    }

    private async Task<XdsHost> Host(Action<IServiceCollection>? more = null)
    {
        _authority.Sign("s", "s.example.com");
        var host = await XdsHost.Start(more: s =>
        {
            s.AddSecrets(_authority.Folder, () => [new SecretPlace("s", new("s.pem", null), new("s.key", null), null)]);
            more?.Invoke(s);
        });
        host.Cache.Publish(SecretLayerTests.Naming("s"));
        return host;
    }

    private sealed class FromAfar : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, then) =>
            {
                http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
                return then(http);
            });
            next(app);
        };
    }
}
