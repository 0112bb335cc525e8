using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PolicyEngine.Server.Rest;

/// <summary>The API's description says what can go wrong: each operation may answer with a problem, and those that make something with 201.</summary>
internal static class ProblemResponses
{
    private static readonly (string Status, string Says)[] Problems =
    [
        ("400", "The request cannot be read."), ("401", "A token is needed."), ("403", "The token's roles do not allow it."), ("404", "There is no such thing."),
        ("409", "It cannot be done in this state."), ("415", "The body is not JSON."), ("422", "It was read, and is not valid."), ("503", "The store cannot be used at the moment."),
    ];

    public static Task Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) != true) return Task.CompletedTask;
        operation.Responses ??= [];
        foreach (var (status, says) in Problems)
            operation.Responses.TryAdd(status, new OpenApiResponse { Description = says, Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() } });
        if (context.Description.HttpMethod == "POST") operation.Responses.TryAdd("201", new OpenApiResponse { Description = "Made.", Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() } });
        if (context.Description.HttpMethod == "DELETE") operation.Responses.TryAdd("204", new OpenApiResponse { Description = "Gone." });
        if (context.Description.HttpMethod == "GET") operation.Responses.TryAdd("304", new OpenApiResponse { Description = "Not changed." });
        return Task.CompletedTask;
    }
}
