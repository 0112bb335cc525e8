using PolicyEngine.Compiler.Combining;
using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Retries;

namespace PolicyEngine.Compiler.Retries;

/// <summary>Retries are taken as a whole: attempts of one document with the conditions of another would be nobody's sentence.</summary>
internal sealed class RetryFeature : ITrafficFeature
{
    private const string ByStatus = "retriable-status-codes";

    public Type SpecType => typeof(RetrySpec);

    public bool WorksProxyless => true;

    public IEnumerable<Part> Parts(Document document, RouteContext route) => [new Part(document, (RetrySpec)document.Spec, "retry", document.Spec)];

    public RouteTraffic Apply(RouteTraffic traffic, IReadOnlyList<Part> parts)
    {
        var spec = (RetrySpec)parts[0].Value;
        if (spec.Attempts == 0) return traffic;
        return traffic with
        {
            Retry = new Retry
            {
                Attempts = spec.Attempts,
                On = [.. spec.RetryOn.Concat(spec.StatusCodes.IsEmpty ? [] : [ByStatus]).Distinct().Order(StringComparer.Ordinal)],
                StatusCodes = [.. spec.StatusCodes.Distinct().Order()],
                PerTryTimeout = spec.PerTryTimeout,
                BackOffBase = spec.BackOff?.Base,
                BackOffMax = spec.BackOff?.Max,
                Origin = parts[0].Origin,
            },
        };
    }
}
