using PolicyEngine.Ir;
using PolicyEngine.Policies.Documents;
using PolicyEngine.Policies.Shapes;
using PolicyEngine.Policies.Targets;

namespace PolicyEngine.Policies.Timeouts;

[AnyOf("request", "idle", "connect")]
public sealed record TimeoutSpec : TargetedSpec
{
    [Field("From the end of the request to the end of the answer, retries included; 0s turns it off.", Example = "2s")]
    public TimeSpan? Request { get; init; }

    [Field("How long a stream may be silent; 0s turns it off.")]
    public TimeSpan? Idle { get; init; }

    [Field("How long connecting to an endpoint may take; only for a service as a whole.")]
    public TimeSpan? Connect { get; init; }

    public override IEnumerable<Flaw> Check()
    {
        foreach (var flaw in base.Check()) yield return flaw;
        if (Connect is null) yield break;
        if (Connect == TimeSpan.Zero) yield return new Flaw(DiagnosticCatalogue.InvalidValue, "connect", "connecting needs some time", "for instance connect: 1s");
        if (Target.Scope != Scope.Service || Target.Matches.Length > 0)
            yield return new Flaw(DiagnosticCatalogue.InvalidValue, "connect", "connections are shared by all requests to a service", "target the service, without matches");
    }
}
