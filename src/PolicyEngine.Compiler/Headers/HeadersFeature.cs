using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Headers;

namespace PolicyEngine.Compiler.Headers;

/// <summary>One edit a header and side.</summary>
internal sealed class HeadersFeature : ITrafficFeature
{
    public Type SpecType => typeof(HeadersSpec);

    public bool WorksProxyless => false;

    public IEnumerable<Part> Parts(Document document, RouteContext route)
    {
        var spec = (HeadersSpec)document.Spec;
        return Edits(document, HeaderSide.Request, spec.Request).Concat(Edits(document, HeaderSide.Response, spec.Response))
            .Select(e => new Part(document, spec, $"header.{e.Side}.{e.Name}", e));
    }

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts) =>
        traffic with { Headers = [.. parts.Select(p => (HeaderEdit)p.Value).OrderBy(e => e.Side).ThenBy(e => e.Name, StringComparer.Ordinal)] };

    private static IEnumerable<HeaderEdit> Edits(Document document, HeaderSide side, HeaderEditsSpec? spec)
    {
        if (spec is null) return [];
        HeaderEdit Edit(HeaderOperation operation, string name, string value) => new(side, operation, name.ToLowerInvariant(), value, document.Id);
        return spec.Set.Select(h => Edit(HeaderOperation.Set, h.Name, h.Value))
            .Concat(spec.Add.Select(h => Edit(HeaderOperation.Add, h.Name, h.Value)))
            .Concat(spec.Append.Select(h => Edit(HeaderOperation.Append, h.Name, h.Value)))
            .Concat(spec.Remove.Select(n => Edit(HeaderOperation.Remove, n, "")));
    }
}
