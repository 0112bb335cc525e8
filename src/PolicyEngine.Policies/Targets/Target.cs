using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;

namespace PolicyEngine.Policies.Targets;

public enum Scope { Fleet, Gateway, Service, Route }

/// <summary>What a policy is laid over. Route beats service beats gateway beats fleet.</summary>
[OneOf("fleet", "gateway", "service", "route")]
public sealed record Target
{
    [Field("Every route of this fleet.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Fleet { get; init; }

    [Field("Every route of this gateway.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Gateway { get; init; }

    [Field("Every route that leads to this service.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Service { get; init; }

    [Field("This route.", Pattern = Patterns.Name, Expected = Patterns.NameExpected)]
    public string? Route { get; init; }

    [Field("Only requests that match one of these.", MaxItems = 8)]
    public ImmutableArray<RequestMatch> Matches { get; init; } = [];

    public Scope Scope => this switch
    {
        { Route: not null } => Scope.Route,
        { Service: not null } => Scope.Service,
        { Gateway: not null } => Scope.Gateway,
        _ => Scope.Fleet,
    };

    public string Name => Route ?? Service ?? Gateway ?? Fleet ?? "";

    public static Target OfService(string name) => new() { Service = name };

    public static Target OfRoute(string name) => new() { Route = name };

    public static Target OfGateway(string name) => new() { Gateway = name };

    public static Target OfFleet(string name) => new() { Fleet = name };

    public IEnumerable<Flaw> Check() => Matches.SelectMany((m, i) => m.Check().Select(f => f with { Field = $"matches[{i}].{f.Field}" }));

    public override string ToString() => $"{Scope.ToString().ToLowerInvariant()} {Name}";
}
