using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Cli.Evals;

/// <summary>Which requests; all given conditions hold together. Values may hold <c>*</c> for any text.</summary>
internal record RequestScope
{
    [Field("Requests that came to this service before.")]
    public string? Service { get; init; }

    [Field("Requests to this fleet.")]
    public string? Fleet { get; init; }

    [Field("Requests to this host.")]
    public string? Host { get; init; }

    [Field("This path or below it; any of these.")]
    public ImmutableArray<string> Path { get; init; } = [];

    [Field("This path and no other.")]
    public string? Exact { get; init; }

    [Field("Any of these methods.")]
    public ImmutableArray<string> Method { get; init; } = [];

    [Field("Client addresses; any of these.")]
    public ImmutableArray<Cidr> From { get; init; } = [];

    [Field("Request headers.")]
    public ImmutableSortedDictionary<string, string> Header { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Field("Query parameters.")]
    public ImmutableSortedDictionary<string, string> Query { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Field("Cookies.")]
    public ImmutableSortedDictionary<string, string> Cookie { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>What becomes of the requests of a scope. Of several that speak of one aspect of a request, the last holds.</summary>
internal sealed record Effect : RequestScope
{
    [Field("But not these requests.", MaxItems = 8)]
    public ImmutableArray<RequestScope> Unless { get; init; } = [];

    [Field("Where they go: percentages by version, or by service.version.")]
    public ImmutableSortedDictionary<string, string> To { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Field("Request time-out; none for no word of it.")]
    public string? Timeout { get; init; }

    [Field("Idle time-out; none for no word of it.")]
    public string? Idle { get; init; }

    [Field("Connect time-out; none for no word of it.")]
    public string? Connect { get; init; }

    [Field("Retries; what is not named stays as it was.")]
    public RetryEffect? Retry { get; init; }

    [Field("The limit of its key; limits of other keys stay.")]
    public LimitEffect? Limit { get; init; }

    [Field("Whether they pass.")]
    public Access? Access { get; init; }

    [Field("Whether they would pass, by what only counts.")]
    public Access? Shadow { get; init; }

    [Field("Copies: percentages by version.")]
    public ImmutableSortedDictionary<string, string> Mirror { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Field("A delay put in on purpose.")]
    public DelayEffect? Delay { get; init; }

    [Field("A failure put in on purpose.")]
    public AbortEffect? Abort { get; init; }

    [Field("Header edits, as 'response put NAME: VALUE', 'request remove NAME' or 'response gone NAME' (no edit of it); other headers' edits stay.")]
    public ImmutableArray<string> Headers { get; init; } = [];

    [Field("Answered at once.")]
    public RespondEffect? Respond { get; init; }

    [Field("Sent elsewhere.")]
    public RedirectEffect? Redirect { get; init; }

    [Field("The path or host changed on the way.")]
    public RewriteEffect? Rewrite { get; init; }

    [Field("What is not there afterwards.", Words = ["route", "retry", "limit", "mirror", "delay", "abort"])]
    public ImmutableArray<string> None { get; init; } = [];
}
