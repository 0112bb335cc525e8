using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler.Combining;

/// <summary>
/// One thing that a policy says about a route, and the slot of the result that it claims (<c>timeout.request</c>,
/// <c>header.request.x-env</c>). In each slot the most specific scope wins; on one scope the higher priority; a tie is a conflict,
/// unless the slot is shared.
/// </summary>
internal sealed record Part(Document Document, TargetedSpec Spec, string Slot, object Value, bool Shared = false)
{
    public string Origin => Document.Id;

    /// <summary>Route beats service beats gateway beats fleet; on one scope, a policy for some requests beats the one for all.</summary>
    public int Rank => 2 * (int)Spec.Target.Scope + (Spec.Target.Matches.IsEmpty ? 0 : 1);
}

/// <summary>A kind of policy that shapes what happens to requests on a route. Adding a kind adds one of these to <see cref="TrafficFeatures.All"/>.</summary>
internal interface ITrafficFeature
{
    Type SpecType { get; }

    /// <summary>Whether gRPC clients without a proxy can do it.</summary>
    bool WorksProxyless { get; }

    IEnumerable<Part> Parts(Document document, RouteContext route);

    Ir.RouteTraffic Apply(Ir.RouteTraffic traffic, IReadOnlyList<Part> parts);
}

/// <summary>What a feature may need to know of the route that it is laid over.</summary>
internal sealed record RouteContext(Names Names, IReadOnlyList<string> Services);
