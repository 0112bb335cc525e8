using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Authorizations;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Compiler.Authorizations;

/// <summary>
/// Denies of every scope hold together. Of the allows, those of the most specific scope hold: a service's own list is not widened by its
/// gateway's.
/// </summary>
internal sealed class AuthorizationFeature : ITrafficFeature
{
    public Type SpecType => typeof(AuthorizationSpec);

    public bool WorksProxyless => false;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (AuthorizationSpec)document.Spec;
        var authorization = new Authorization
        {
            Effect = spec.Action,
            Rules = [.. spec.Rules.Select(Rule)],
            Shadow = spec.Shadow,
            Origin = document.Id,
        };
        // A shadow allow must neither displace an enforced one nor let anything in.
        var slot = (spec.Action, spec.Shadow) switch
        {
            (AuthorizationEffect.Deny, _) => $"deny.{document.Id}",
            (_, true) => "allow.shadow",
            _ => "allow",
        };
        yield return new Part(document, spec, slot, authorization, Shared: true);
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts) =>
        traffic with { Authorizations = [.. parts.Select(p => (Authorization)p.Value).OrderBy(a => a.Effect).ThenBy(a => a.Origin, StringComparer.Ordinal)] };

    private static AuthorizationRule Rule(AuthorizationRuleSpec rule) => new()
    {
        Cidrs = [.. rule.Cidrs.Distinct().Order()],
        Methods = [.. rule.Methods.Distinct().Order(StringComparer.Ordinal)],
        Paths = [.. rule.Paths.Select(p => p.ToIr()).Distinct().OrderBy(p => p.Kind).ThenBy(p => p.Value, StringComparer.Ordinal)],
        Headers = NamedSpec.ToIr(rule.Headers, lowerCase: true),
    };
}
