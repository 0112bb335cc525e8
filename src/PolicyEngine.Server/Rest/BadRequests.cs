using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;

namespace PolicyEngine.Server.Rest;

/// <summary>What is wrong with a request that never reached a use case: its words are for whoever sent it; those of a bug are not.</summary>
internal static class BadRequests
{
    public static int Status(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        Changes.Stores.StoreUnavailableException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    public static void Explain(ProblemDetailsContext context)
    {
        switch (context.HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                context.ProblemDetails.Detail = $"the body is not what is expected here: {json.Message}";
                break;
            case BadHttpRequestException bad:
                context.ProblemDetails.Detail = bad.Message;
                break;
            case Changes.Stores.StoreUnavailableException store:
                context.ProblemDetails.Detail = store.Message;
                context.HttpContext.Response.Headers.RetryAfter = "5";
                break;
        }
    }
}
