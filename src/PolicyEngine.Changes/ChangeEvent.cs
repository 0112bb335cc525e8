using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Ir;

namespace PolicyEngine.Changes;

/// <summary>A step of a change, recorded after the fact. The journal is these events; a change is what they add up to.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(Submitted), "submitted")]
[JsonDerivedType(typeof(Answered), "answered")]
[JsonDerivedType(typeof(Planned), "planned")]
[JsonDerivedType(typeof(Asked), "asked")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(DryRun), "dry-run")]
[JsonDerivedType(typeof(Approved), "approved")]
[JsonDerivedType(typeof(Rejected), "rejected")]
[JsonDerivedType(typeof(Superseded), "superseded")]
[JsonDerivedType(typeof(Promoted), "promoted")]
[JsonDerivedType(typeof(RolledBack), "rolled-back")]
[JsonDerivedType(typeof(NodeRefused), "node-refused")]
[JsonDerivedType(typeof(RemedyNoted), "remedy")]
public abstract record ChangeEvent;

/// <summary>
/// Somebody asked for something, in words or as edits. <see cref="Undoes"/> names the change that a rollback takes back, <see cref="Conversation"/>
/// the conversation that it is a turn of.
/// </summary>
public sealed record Submitted(string Intent, string Channel, string? Undoes = null, string? Conversation = null) : ChangeEvent;

public sealed record Answered(string Answer) : ChangeEvent;

/// <summary>The edits that the intent leads to, each <c>{op, id, policy?}</c>, and which planner says so, by what.</summary>
public sealed record Planned(string Summary, ImmutableArray<JsonObject> Edits, JsonObject Provenance) : ChangeEvent;

/// <param name="Provenance">Which planner asks, by what; null on records from before it was kept.</param>
public sealed record Asked(string Summary, ImmutableArray<ChangeQuestion> Questions, JsonObject? Provenance = null) : ChangeEvent;

public sealed record ChangeQuestion(string Id, string Text, ImmutableArray<string> Choices);

/// <param name="Provenance">Which planner refuses, by what; null where no planner did, and on records from before it was kept.</param>
public sealed record Refused(string Summary, ImmutableArray<string> Reasons, JsonObject? Provenance = null) : ChangeEvent;

/// <summary>What would change, as it was shown, and its hash: what an approval signs.</summary>
public sealed record DryRun(Revision Base, Revision Candidate, bool HasErrors, Revision ReportHash, JsonObject Report, ApprovalNeed? Need = null) : ChangeEvent;

public sealed record Approved(Revision ReportHash) : ChangeEvent;

public sealed record Rejected(string Reason) : ChangeEvent;

/// <summary>Something else was promoted since the dry run.</summary>
public sealed record Superseded(Revision Head) : ChangeEvent;

/// <summary>The policies, and each fleet's snapshot, that are served from now on.</summary>
public sealed record Promoted(Revision From, Revision To, ImmutableSortedDictionary<string, Revision> Snapshots) : ChangeEvent;

/// <summary>Taken back by another change.</summary>
public sealed record RolledBack(string By, string Reason) : ChangeEvent;

/// <summary>
/// What happened around the remedies of an incident, which stands in the place of the change. It is no step of a change; it is kept in the same
/// journal, so that it is as much on the record.
/// </summary>
/// <param name="Remedy">A remedy event.</param>
/// <param name="Finding">The finding as it was then, with its evidence, where it opened or closed.</param>
public sealed record RemedyNoted(JsonObject Remedy, JsonObject? Finding = null) : ChangeEvent;

/// <summary>A node refused what was promoted.</summary>
public sealed record NodeRefused(string Node, string Type, string Message, ImmutableArray<string> Suspects) : ChangeEvent;
