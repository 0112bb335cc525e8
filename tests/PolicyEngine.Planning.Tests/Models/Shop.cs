using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Microsoft.SemanticKernel.ChatCompletion;
using PolicyEngine.Planning.Models;
using PolicyEngine.Planning.Models.Backends;
using PolicyEngine.Planning.Models.Judging;
using PolicyEngine.Policies;
using PolicyEngine.Testing;

namespace PolicyEngine.Planning.Tests.Models;

/// <summary>The sample shop, answers as a model would give them, and planners over a scripted back end.</summary>
internal static class Shop
{
    public static readonly ServiceCatalog Catalog = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
    public static readonly PolicySet Standing = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static PlanRequest Request(string intent) => new() { Intent = intent, Catalog = Catalog, Policies = Standing, Now = Noon };

    public static ModelPlanner Model(ModelOptions options) => new(ChatServices.Create(options, options.Key, ChatServices.Http(options)), options);

    public static JudgedPlanner Judged(ChatServer server) => new(Model(server.Options));

    public static string Proposal(params (string Kind, string Name, string Spec)[] upserts) => Answer("proposal", "", [.. upserts.Select(u => Edit("upsert", u.Kind, u.Name, $"apiVersion: policyengine.dev/v1\nkind: {u.Kind}\nmetadata: {{name: {u.Name}}}\nspec: {u.Spec}\n"))]);

    public static string Removal(string kind, string name) => Answer("proposal", "", Edit("remove", kind, name, ""));

    public static string Split(string service, string version, string weight, string rest, string restWeight) =>
        Proposal(("TrafficSplit", $"{service}-canary", $"{{target: {{service: {service}}}, backends: [{{version: {rest}, weight: {restWeight}}}, {{version: {version}, weight: {weight}}}]}}"));

    public static string Answer(string outcome, string text, params JsonObject[] edits) =>
        new JsonObject { ["outcome"] = outcome, ["edits"] = new JsonArray([.. edits.Select(e => e.DeepClone())]), ["text"] = text, ["choices"] = new JsonArray() }.ToJsonString();

    public static JsonObject Edit(string op, string kind, string name, string document) => new() { ["op"] = op, ["kind"] = kind, ["name"] = name, ["document"] = document };
}
