using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Envoy.Extensions.TransportSockets.Tls.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.Status.V3;
using Grpc.Net.Client;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.EndToEnd.Tests;

/// <summary>A key that can be recognised is given to a node, quoted by it, and written where it does not belong; then everything is searched for it.</summary>
public sealed class SecretLeakTests : IDisposable
{
    private const int Piece = 20;

    private readonly Authority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-leak-").FullName;

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Key_IsOnTheWireToItsNode_AndNowhereElse()
    {
        var key = await File.ReadAllTextAsync(_authority.Sign("shop", "shop.example.com").Key);
        var catalog = Directory.CreateDirectory(Path.Combine(_folder, "catalog")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Shop, "catalog")))
            await File.WriteAllTextAsync(Path.Combine(catalog, Path.GetFileName(file)), (await File.ReadAllTextAsync(file)).Replace("gateways: [public]", "gateways: [public, secure]", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(catalog, "https.yaml"), SecretDocuments.Https(8443));
        await using var server = await ServerProcess.Start(_folder, "--catalog", catalog, "--secrets", _authority.Folder);
        using var http = server.Client(server.Token);
        var seen = new StringBuilder();

        using var channel = GrpcChannel.ForAddress(Regex.Match(server.Process.Output, @"xDS for Envoy\s+(\S+)").Groups[1].Value);
        using var call = new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).DeltaAggregatedResources();
        await call.RequestStream.WriteAsync(new() { Node = new() { Id = "edge-1", Cluster = "edge" }, TypeUrl = ResourceType.Secret.TypeUrl, ResourceNamesSubscribe = { "shop-tls" } });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout());
        var given = call.ResponseStream.Current;
        Assert.True(Leaks(key, given.Resources.Single().Resource_.Unpack<Secret>().TlsCertificate.PrivateKey.InlineBytes.ToStringUtf8()));
        await call.RequestStream.WriteAsync(new() { TypeUrl = ResourceType.Secret.TypeUrl, ResponseNonce = given.Nonce, ErrorDetail = new() { Code = 3, Message = $"Failed to load {key}" } });
        await Waiting.Until(async () => (await http.GetStringAsync("nodes")).Contains("Failed to load", StringComparison.Ordinal), "the refusal to be known");

        foreach (var body in new[] { new JsonObject { ["intent"] = $"use the key {key} for checkout" }, new JsonObject { ["intent"] = "send 5% of checkout to v2" }, Edit(key) })
            using (var response = await http.PostAsJsonAsync("changes", body).WithTimeout())
                seen.AppendLine(await response.Content.ReadAsStringAsync());
        // A broken document with the key in it, which the server says is not taken over.
        await File.WriteAllTextAsync(Path.Combine(catalog, "wrong.yaml"), $"apiVersion: policyengine.dev/v1\nkind: Secret\nmetadata: {{name: wrong}}\nspec:\n  certificate: |\n    {key.Replace("\n", "\n    ", StringComparison.Ordinal)}\n");
        await Waiting.Until(() => server.Process.Output.Contains("not taken over", StringComparison.Ordinal), "the broken catalog to be noticed");
        await File.WriteAllTextAsync(Path.Combine(_authority.Folder, "shop.key"), key[..(key.Length / 2)]);
        await Waiting.Until(async () => (await http.GetStringAsync("secrets")).Contains("PE7001", StringComparison.Ordinal), "the half-written key to be noticed");

        foreach (var path in JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject().Where(p => p.Value!["get"] is not null && !p.Key.EndsWith("/events", StringComparison.Ordinal)).Select(p => p.Key))
            using (var response = await http.GetAsync(path.Replace("{fleet}", "edge", StringComparison.Ordinal).Replace("{kind}", "Secret", StringComparison.Ordinal).Replace("{id}", "c-2", StringComparison.Ordinal)).WithTimeout())
                seen.AppendLine(await response.Content.ReadAsStringAsync());
        seen.AppendLine((await new ClientStatusDiscoveryService.ClientStatusDiscoveryServiceClient(channel).FetchClientStatusAsync(new ClientStatusRequest()).ResponseAsync.WithTimeout()).ToString());
        var (_, listed) = await ChildProcess.Run("dotnet", ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "PolicyEngine.EndToEnd.Tests.runtimeconfig.json"), Path.Combine(AppContext.BaseDirectory, "policyctl.dll"), "secrets", "--server", server.Address.ToString(), "--token", server.Token]);
        Assert.Contains("shop-tls", listed);
        seen.AppendLine(listed).AppendLine(server.Process.Output);
        Assert.Contains("awaiting-approval", seen.ToString());
        Assert.Contains("redacted", seen.ToString());
        Assert.False(Leaks(key, seen.ToString()), Where(key, seen.ToString()));
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(f => !f.StartsWith(catalog, StringComparison.Ordinal)))
            Assert.False(Leaks(key, Encoding.Latin1.GetString(await Read(file))), file);
    }

    private static JsonObject Edit(string key) => new()
    {
        ["edits"] = new JsonArray(new JsonObject { ["op"] = "upsert", ["policy"] = new JsonObject { ["apiVersion"] = "policyengine.dev/v1", ["kind"] = "Timeout", ["metadata"] = new JsonObject { ["name"] = "t" }, ["spec"] = new JsonObject { ["target"] = new JsonObject { ["service"] = "checkout" }, ["request"] = key } } }),
    };

    private static async Task<byte[]> Read(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static bool Leaks(string key, string text) => Pieces(key).Any(p => text.Contains(p, StringComparison.Ordinal));

    private static string Where(string key, string text) => string.Join('\n', Pieces(key).Where(p => text.Contains(p, StringComparison.Ordinal)).Select(p => string.Concat(text.Skip(text.IndexOf(p, StringComparison.Ordinal) - 200).Take(300))));

    /// <summary>Of the text itself beyond the first bytes, which all keys have, and of the text once more in base64, as JSON has bytes.</summary>
    private static IEnumerable<string> Pieces(string key)
    {
        var body = string.Concat(key.Split('\n').Where(l => !l.StartsWith('-')))[40..];
        var lines = key.Split('\n').Where(l => !l.StartsWith('-')).ToList();
        for (var i = 0; i + Piece <= body.Length; i += Piece) yield return body.Substring(i, Piece);
        foreach (var line in lines.Skip(1).Where(l => l.Length >= Piece)) yield return line[..Piece];
        var again = Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
        for (var i = 120; i + Piece <= again.Length; i += Piece) yield return again.Substring(i, Piece);
    }
}
