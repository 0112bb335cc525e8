using System.Collections.Immutable;
using System.Reflection;

namespace PolicyEngine.Ir;

/// <summary>A kind of diagnostic: its stable code, its severity, and the page that explains it.</summary>
public sealed record DiagnosticRule(string Code, Severity Severity, string Title, string Explanation);

/// <summary>
/// Every code there is. 1xxx: documents as written; 2xxx: documents together (compiler); 3xxx: what Envoy would make of the
/// resources (lint); 4xxx: intents and plans; 5xxx: changes; 6xxx: telemetry and remedies; 7xxx: secrets. A code is never reused.
/// </summary>
public static class DiagnosticCatalogue
{
    public static readonly DiagnosticRule MalformedYaml = Error("PE1001", "Malformed document",
        "The text is not YAML or JSON, or uses what the policy language leaves out: anchors, aliases, tags, duplicate keys, or nesting and size beyond the limits.");
    public static readonly DiagnosticRule UnknownField = Error("PE1002", "Unknown field",
        "Documents are strict: a field that the kind does not have is an error, so that a typing error never silently means the default.");
    public static readonly DiagnosticRule InvalidValue = Error("PE1003", "Invalid value",
        "The value does not have the form that the field asks for (a duration such as 750ms, a percentage such as 5%, a CIDR, a word from a list).");
    public static readonly DiagnosticRule MissingField = Error("PE1004", "Missing field",
        "A field without which the document says nothing is absent.");
    public static readonly DiagnosticRule UnknownKind = Error("PE1005", "Unknown kind or version",
        "apiVersion must be policyengine.dev/v1 and kind one of the catalog and policy kinds.");
    public static readonly DiagnosticRule DuplicateDocument = Error("PE1006", "Duplicate document",
        "Names are unique per kind: two documents of one kind bear the same name.");
    public static readonly DiagnosticRule WeightsDoNotAddUp = Error("PE1007", "Weights do not add up",
        "The weights of a split are percentages and must add up to 100.");
    public static readonly DiagnosticRule ExactlyOne = Error("PE1008", "Exactly one of several fields",
        "The fields named exclude each other and one of them is needed.");
    public static readonly DiagnosticRule UnsafeRegex = Error("PE1009", "Regular expression is not RE2",
        "Envoy runs RE2: back-references and look-around do not exist there.");
    public static readonly DiagnosticRule UnreadableFile = Error("PE1010", "Unreadable file or folder",
        "A file or folder that was named could not be read.");

    public static readonly DiagnosticRule UnknownTarget = Error("PE2001", "Unknown name",
        "A target, host, version, gateway or fleet that the catalog does not have.");
    public static readonly DiagnosticRule Conflict = Error("PE2002", "Conflicting policies",
        "Two policies of one kind on the same scope match the same request. Narrow one, merge them, or give one a priority; age and name never decide.");
    public static readonly DiagnosticRule DeadRoute = Warning("PE2003", "Rule can never match",
        "Another rule, which comes first, matches everything that this one does.");
    public static readonly DiagnosticRule NoDefaultVersion = Error("PE2004", "No default version",
        "A service with several versions needs a defaultVersion, or a split that says where its traffic goes.");
    public static readonly DiagnosticRule NotOnThisFleet = Warning("PE2005", "Not enforceable on this fleet",
        "gRPC clients without a proxy know only part of what Envoy can do; the policy has no effect there.");
    public static readonly DiagnosticRule TooManyNarrowings = Error("PE2006", "Too many overlapping matches",
        "Policies with their own matches split a route into one route per combination; this many would explode.");
    public static readonly DiagnosticRule Unattached = Warning("PE2007", "Policy has no effect",
        "No route of any fleet leads to what the policy targets.");
    public static readonly DiagnosticRule EmptyVersion = Warning("PE2008", "Version without endpoints",
        "Traffic is sent to a version that has no endpoints: its requests would be answered 503.");
    public static readonly DiagnosticRule TimeoutInversion = Warning("PE2009", "Per-try time-out is not shorter than the request time-out",
        "The request time-out ends the request before a retry could begin.");
    public static readonly DiagnosticRule ListenerClash = Error("PE2010", "Listeners clash",
        "Two listeners of one fleet have the same address and port.");
    public static readonly DiagnosticRule SharedRoute = Warning("PE2011", "Policy does not reach a shared route",
        "A route that leads to several services cannot follow the policy of one of them; target the route.");
    public static readonly DiagnosticRule UnguardedRoute = Error("PE2013", "Authorization does not reach a shared route",
        "A route that leads to several services cannot follow the authorization of one of them, and nothing may pass unguarded: target the route.");
    public static readonly DiagnosticRule AmbiguousTarget = Error("PE2012", "Split does not say of which service",
        "A split that targets a route with several services must name the service of each backend.");
    public static readonly DiagnosticRule NotDelegable = Warning("PE2016", "Health check cannot be delegated",
        "Endpoints with host names are resolved by each Envoy for itself, so there is nowhere that another node's reports could go: the endpoints are not checked.");

    public static readonly DiagnosticRule RuleViolation = Error("PE3001", "Envoy would refuse a field",
        "A value breaks a rule that Envoy's API declares for the field (protoc-gen-validate).");
    public static readonly DiagnosticRule DanglingReference = Error("PE3002", "Dangling reference",
        "A resource names a cluster, route table or endpoint assignment that the snapshot does not have.");
    public static readonly DiagnosticRule DuplicateName = Error("PE3003", "Name is not unique",
        "Two resources of one type, or two virtual hosts or domains of one route table, bear the same name.");
    public static readonly DiagnosticRule UnknownExtension = Warning("PE3004", "Unknown extension type",
        "The type URL is not part of the Envoy API that this engine knows; its content was not checked.");
    public static readonly DiagnosticRule UnparsableResource = Error("PE3005", "Not an Envoy resource",
        "The text is not what the Envoy API can hold: unknown field, wrong type, or malformed YAML or JSON.");

    public static readonly DiagnosticRule IntentTooLong = Error("PE4001", "Intent too long",
        "An intent is a sentence or a few, not a document.");
    public static readonly DiagnosticRule PlanDoesNotCompile = Error("PE4002", "Plan does not compile",
        "The plan's documents do not compile against the catalog.");

    public static readonly DiagnosticRule ModelAway = Warning("PE4010", "The model is away",
        "The model could not be reached, answered with an error, took too long or broke off. The embedded planner answers alone, and the plan says so.");
    public static readonly DiagnosticRule ModelDeclined = Warning("PE4011", "The model declined",
        "The model, or a content filter before it, refused to answer. It is not asked again.");
    public static readonly DiagnosticRule ModelCutOff = Warning("PE4012", "The model's answer is cut off",
        "The answer reached a limit of tokens or size before its end. Half an answer is no answer.");
    public static readonly DiagnosticRule ModelNotJson = Warning("PE4013", "The model's answer is not JSON",
        "The answer is not exactly one JSON object. Prose around it is not cut away, since nobody knows what it takes back.");
    public static readonly DiagnosticRule ModelOffSchema = Warning("PE4014", "The model's answer has the wrong form",
        "The answer is JSON and does not follow the schema that was asked for, whatever the back end promised.");
    public static readonly DiagnosticRule ModelMeaningless = Warning("PE4015", "The model's proposal does not hold",
        "The proposal names what does not exist, holds a document that is invalid or does not compile, or edits what the intent does not speak of.");
    public static readonly DiagnosticRule ModelUnconstrained = Warning("PE4016", "The back end does not hold the model to the schema",
        "The probe at start found that the back end accepts a JSON schema and ignores it, or knows none. Answers are validated here all the same; more of them fail.");
    public static readonly DiagnosticRule ModelOptionsInvalid = Error("PE4017", "Model options are wrong",
        "The options that name the model and its limits are incomplete or contradict each other.");

    public static readonly DiagnosticRule BaseMoved = Error("PE5001", "Base has moved",
        "Something else was promoted after the dry run; the change must be dry-run again.");

    public static readonly DiagnosticRule SourceAway = Warning("PE6001", "Telemetry source does not answer",
        "The source could not be reached, took too long, or answered with an error. What it would have told is unknown, which is never taken for good news.");
    public static readonly DiagnosticRule SourceLies = Warning("PE6002", "Telemetry source makes no sense",
        "The answer is malformed, too large, old, or holds values that cannot be (negative counts, more errors than requests). Those values were left out.");
    public static readonly DiagnosticRule SeriesEvicted = Warning("PE6003", "Too many series",
        "More series report than are kept; those that were idle longest, or that had reported only once, were dropped.");
    public static readonly DiagnosticRule NoRemedy = Warning("PE6004", "No remedy for a finding",
        "No playbook answers the finding, or none can within its bounds: a person must decide.");
    public static readonly DiagnosticRule TooManyIncidents = Warning("PE6005", "Too many incidents",
        "More is amiss at once than is followed; what stands as a finding is not all that there is.");

    public static readonly DiagnosticRule SecretUnusable = Warning("PE7001", "Secret cannot be used",
        "A file or variable is not there, cannot be read, or holds no certificate with its own key that Envoy takes. Nodes keep the last that could be used.");
    public static readonly DiagnosticRule SecretExpired = Warning("PE7002", "Certificate is out of time",
        "The certificate that nodes are given has ended, or has not begun: who checks it will refuse it.");
    public static readonly DiagnosticRule SecretExpiring = Warning("PE7003", "Certificate ends soon",
        "The certificate that nodes are given ends within 14 days, and no other has taken its place yet.");

    /// <summary>All rules, by code.</summary>
    public static ImmutableSortedDictionary<string, DiagnosticRule> All { get; } = typeof(DiagnosticCatalogue)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(f => f.FieldType == typeof(DiagnosticRule))
        .Select(f => (DiagnosticRule)f.GetValue(null)!)
        .ToImmutableSortedDictionary(r => r.Code, r => r, StringComparer.Ordinal);

    private static DiagnosticRule Error(string code, string title, string explanation) => new(code, Severity.Error, title, explanation);

    private static DiagnosticRule Warning(string code, string title, string explanation) => new(code, Severity.Warning, title, explanation);
}
