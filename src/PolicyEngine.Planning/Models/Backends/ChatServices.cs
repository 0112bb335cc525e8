using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Identity;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.AzureOpenAI;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;

namespace PolicyEngine.Planning.Models.Backends;

/// <summary>Options to Semantic Kernel's connectors. Retries and time-outs are ours: theirs are off.</summary>
internal static class ChatServices
{
    public static IChatCompletionService Create(ModelOptions options, string? key, HttpClient http)
    {
        var transport = new HttpClientPipelineTransport(http);
        if (options.Provider == ModelProvider.Azure)
        {
            var azure = Set(new AzureOpenAIClientOptions(), transport);
            var resource = key is null ? new AzureOpenAIClient(options.Endpoint!, new DefaultAzureCredential(), azure) : new AzureOpenAIClient(options.Endpoint!, new ApiKeyCredential(key), azure);
            return new AzureOpenAIChatCompletionService(options.Model, resource, options.Model);
        }
        var open = Set(new OpenAIClientOptions(), transport);
        if (options.Endpoint is { } endpoint) open.Endpoint = endpoint;
        // Local servers want no key; the client wants some text.
        return new OpenAIChatCompletionService(options.Model, new OpenAIClient(new ApiKeyCredential(key ?? "none"), open));
    }

    /// <summary>The way to the back end; nothing on this machine is reached through a proxy.</summary>
    public static HttpClient Http(ModelOptions options) =>
        new(new AnswerLimit(options.MaxAnswerBytes, new SocketsHttpHandler { UseProxy = options.Endpoint is not { IsLoopback: true }, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false })) { Timeout = Timeout.InfiniteTimeSpan };

    private static T Set<T>(T options, PipelineTransport transport) where T : ClientPipelineOptions
    {
        options.Transport = transport;
        options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        return options;
    }
}
