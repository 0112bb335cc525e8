using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Cli.Evals;

internal enum EvalSet { Open, HeldOut }

internal enum Expected { Effect, Question, Refusal, QuestionOrRefusal, EffectOrQuestion }

/// <summary>The cases of one category, as a file holds them.</summary>
internal sealed record EvalFile
{
    [Field("What the cases have in common.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Category { get; init; }

    [Field("The cases.", MaxItems = 1000)]
    public required ImmutableArray<EvalCase> Cases { get; init; }
}

/// <summary>What somebody says, what stands when they say it, and what must come of it.</summary>
internal sealed record EvalCase
{
    [Field("Unique: category, hyphen, number.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Id { get; init; }

    [Field("The catalog: a folder of evals/catalogs, or of policies.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public required string Catalog { get; init; }

    [Field("The policies that stand: a folder beside the catalog.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string Stands { get; init; } = "start";

    [Field("Earlier turns of the same conversation.", MaxLength = 2000, MaxItems = 10)]
    public ImmutableArray<string> After { get; init; } = [];

    [Field("The intent.", MaxLength = 2000)]
    public required string Say { get; init; }

    [Field("What is right: an effect, unless something else is said.")]
    public Expected Expect { get; init; }

    [Field("What becomes of requests, beside what stood before every turn; all else stays as it was.", MaxItems = 16)]
    public ImmutableArray<Effect> Effect { get; init; } = [];

    [Field("Other effects that would be as right.", MaxItems = 8)]
    public ImmutableArray<Alternative> Or { get; init; } = [];

    [Field("After how long all is as it stood again.")]
    public TimeSpan? Ends { get; init; }

    public IEnumerable<ImmutableArray<Effect>> Effects => Or.Select(o => o.Effect).Prepend(Effect);
}

internal sealed record Alternative
{
    [Field("What becomes of requests.", MaxItems = 16)]
    public required ImmutableArray<Effect> Effect { get; init; }
}

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

internal enum Access { Allow, Deny }

internal sealed record RetryEffect
{
    [Field("Tries beside the first.")]
    public required int Attempts { get; init; }

    [Field("What is tried again.")]
    public ImmutableArray<string> On { get; init; } = [];

    [Field("Statuses that are tried again.")]
    public ImmutableArray<int> Statuses { get; init; } = [];

    [Field("How long each try may take.")]
    public TimeSpan? PerTry { get; init; }

    [Field("The first wait.")]
    public TimeSpan? Base { get; init; }

    [Field("The longest wait.")]
    public TimeSpan? Max { get; init; }
}

internal sealed record LimitEffect
{
    [Field("How many.")]
    public required int Requests { get; init; }

    [Field("In what time.", Words = ["second", "minute", "hour", "day"])]
    public required string Per { get; init; }

    [Field("How many at once; as many as 'requests', if not given.")]
    public int? Burst { get; init; }

    [Field("client-ip, path or header NAME; all together, if not given.")]
    public string? Key { get; init; }

    [Field("Counts only.")]
    public bool Shadow { get; init; }
}

internal sealed record DelayEffect
{
    [Field("For how long.")]
    public required TimeSpan Duration { get; init; }

    [Field("Of how many.")]
    public required Percentage Share { get; init; }
}

internal sealed record AbortEffect
{
    [Field("HTTP status.")]
    public required int Status { get; init; }

    [Field("Of how many.")]
    public required Percentage Share { get; init; }
}

internal sealed record RespondEffect
{
    [Field("HTTP status.")]
    public required int Status { get; init; }
}

internal sealed record RedirectEffect
{
    [Field("HTTP status; any, if not given.")]
    public int? Status { get; init; }

    [Field("The new scheme.")]
    public string? Scheme { get; init; }

    [Field("The new host.")]
    public string? Host { get; init; }

    [Field("The new path.")]
    public string? Path { get; init; }
}

internal sealed record RewriteEffect
{
    [Field("In place of the prefix.")]
    public string? Prefix { get; init; }

    [Field("In place of the path.")]
    public string? Path { get; init; }

    [Field("In place of the host.")]
    public string? Host { get; init; }
}
