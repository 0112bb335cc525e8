using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Mirrors;
using PolicyEngine.Policies.Routes;
using PolicyEngine.Policies.Targets;
using PolicyEngine.Policies.TrafficSplits;

namespace PolicyEngine.Planning.Models.Prompts;

/// <summary>
/// What an intent can be about: the services, gateways, fleets, routes and documents that its own words name, and, where it names none, those of the
/// turn before. Settled before any model reads anything, so nothing that a model reads can widen it.
/// </summary>
internal sealed record IntentScope
{
    /// <summary>As <c>service/checkout</c>, <c>gateway/public</c>, <c>fleet/edge</c>, <c>route/search</c>.</summary>
    public required ImmutableSortedSet<string> Entities { get; init; }

    /// <summary>Standing documents that are named by their own name, or were edited in the turn before.</summary>
    public required ImmutableSortedSet<string> Documents { get; init; }

    /// <summary>The text that is read: an answer with the intent that it answers.</summary>
    public required string Text { get; init; }

    public required ImmutableArray<Token> Tokens { get; init; }

    /// <summary>Whether requests are named by a path or host: a new route may be about them.</summary>
    public bool NamesRequests => Tokens.Any(t => t.Kind is TokenKind.Path or TokenKind.Host);

    public bool IsEmpty => Entities.IsEmpty && Documents.IsEmpty && !NamesRequests;

    public static IntentScope Of(PlanRequest request)
    {
        var text = Answering.Continued(request);
        // Of several readings the first is the likeliest; what any of them names may be meant.
        var readings = Lexer.For(request.Catalog).Read(text, request.Now, _ => false);
        var tokens = readings[0].ToImmutableArray();
        var entities = readings.SelectMany(r => r).SelectMany(t => Named(t, request)).ToImmutableSortedSet(StringComparer.Ordinal);
        var words = readings.SelectMany(r => r).SelectMany(t => new[] { t.Value, t.Text }).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A route and a service may share a name; "checkout" names the service. Documents named after nothing else are meant by their name.
        var documents = request.Policies.Documents.Values.Where(d => words.Contains(d.Name) && !request.Catalog.Services.ContainsKey(d.Name)).Select(d => d.Id).ToImmutableSortedSet(StringComparer.Ordinal);
        if (request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned) is { } last)
        {
            documents = documents.Union(last.Plan.Edits.Select(e => e.Id));
            if (entities.IsEmpty) entities = [.. last.Plan.Edits.SelectMany(e => new[] { e.Upserted, last.Before.Documents.GetValueOrDefault(e.Id) }).OfType<Document>().SelectMany(d => Subjects(d, request.Policies))];
        }
        return new IntentScope { Entities = entities, Documents = documents, Text = text, Tokens = tokens };
    }

    /// <summary>Whether an edit touches only what the intent can be about. Of a document that stood, before and after.</summary>
    public bool Covers(PolicyEdit edit, PolicySet before)
    {
        var was = before.Documents.GetValueOrDefault(edit.Id);
        return new[] { was, edit.Upserted }.OfType<Document>().All(d => Documents.Contains(d.Id) && d == was || Covers(d, before));
    }

    /// <summary>Standing documents that may matter to it.</summary>
    public IEnumerable<Document> Standing(PolicySet policies) => policies.Documents.Values.Where(d => Documents.Contains(d.Id) || Subjects(d, policies).Any(Entities.Contains));

    private bool Covers(Document document, PolicySet policies)
    {
        var subjects = Subjects(document, policies).ToList();
        if (document.Spec is RouteSpec) return subjects.TrueForAll(Entities.Contains) && (NamesRequests || subjects.Count > 0);
        return subjects.Count > 0 && subjects.TrueForAll(Entities.Contains);
    }

    /// <summary>Everything that a document lays hands on. A route stands for the services it leads to, so that a policy on it is about them.</summary>
    public static IEnumerable<string> Subjects(Document document, PolicySet policies) => document.Spec switch
    {
        RouteSpec r => r.Backends.Select(b => $"service/{b.Service}").Concat(r.Gateways.Select(g => $"gateway/{g}")).Distinct(),
        TargetedSpec t => Of(t.Target, policies).Concat(t switch
        {
            TrafficSplitSpec s => s.Backends.Select(b => b.Service).OfType<string>().Select(n => $"service/{n}"),
            MirrorSpec { To.Service: { } to } => [$"service/{to}"],
            _ => [],
        }).Distinct(),
        _ => [],
    };

    private static IEnumerable<string> Of(Target target, PolicySet policies)
    {
        if (target.Scope != Scope.Route) return [$"{target.Scope.ToString().ToLowerInvariant()}/{target.Name}"];
        var services = policies.Find(Kinds.Route, target.Name)?.Spec is RouteSpec route ? route.Backends.Select(b => $"service/{b.Service}").ToList() : [];
        return services.Count > 0 ? services : [$"route/{target.Name}"];
    }

    private static IEnumerable<string> Named(Token token, PlanRequest request) => token.Kind switch
    {
        TokenKind.Service => [$"service/{token.Value}"],
        TokenKind.Gateway => [$"gateway/{token.Value}"],
        TokenKind.Fleet => [$"fleet/{token.Value}"],
        TokenKind.Host => request.Catalog.Gateways.Where(g => g.Value.Listeners.Any(l => l.Hostnames.Contains(token.Value))).Select(g => $"gateway/{g.Key}"),
        TokenKind.Word when token.Value is "gateway" && request.Catalog.Gateways is { Count: 1 } only => [$"gateway/{only.Keys.First()}"],
        _ => request.Policies.Find(Kinds.Route, token.Value) is { } route ? Subjects(route, request.Policies).Append($"route/{token.Value}") : [],
    };
}
