using System.Text.Json.Serialization;
using PolicyEngine.Telemetry.Detecting;

namespace PolicyEngine.Telemetry.Governing;

/// <summary>
/// What happened around remedies. Everything but <see cref="Tick"/> is to be recorded, after the fact; the state is rebuilt by folding what was.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(SwitchTurned), "switch-turned")]
[JsonDerivedType(typeof(IncidentOpened), "incident-opened")]
[JsonDerivedType(typeof(IncidentClosed), "incident-closed")]
[JsonDerivedType(typeof(Proposed), "proposed")]
[JsonDerivedType(typeof(NotProposed), "not-proposed")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(Promoted), "promoted")]
[JsonDerivedType(typeof(RecoveryJudged), "recovery-judged")]
[JsonDerivedType(typeof(RolledBack), "rolled-back")]
[JsonDerivedType(typeof(RollbackFailed), "rollback-failed")]
[JsonDerivedType(typeof(Restarted), "restarted")]
[JsonDerivedType(typeof(Tick), "tick")]
public abstract record RemedyEvent(DateTimeOffset At);

/// <summary>A person turned all remedies on or off.</summary>
public sealed record SwitchTurned(DateTimeOffset At, bool On, string By) : RemedyEvent(At);

/// <summary>A finding opened, or came back. <paramref name="Target"/> is what a remedy would change: the service.</summary>
public sealed record IncidentOpened(DateTimeOffset At, string Incident, string Target) : RemedyEvent(At);

public sealed record IncidentClosed(DateTimeOffset At, string Incident) : RemedyEvent(At);

/// <summary>The remedy became a change, which waits for approval.</summary>
public sealed record Proposed(DateTimeOffset At, string Incident, string Change, string Playbook, TimeSpan RecoveryWithin, TimeSpan CoolDown, DateTimeOffset EndsAt) : RemedyEvent(At);

/// <summary>No playbook could, or its change did not pass the dry run.</summary>
public sealed record NotProposed(DateTimeOffset At, string Incident, string Reason) : RemedyEvent(At);

/// <summary>The change was rejected, or could not be promoted.</summary>
public sealed record Refused(DateTimeOffset At, string Incident, string Change, string Reason) : RemedyEvent(At);

public sealed record Promoted(DateTimeOffset At, string Incident, string Change) : RemedyEvent(At);

/// <summary>What <c>Detection.RecoveryOf</c> said. Only <see cref="Verdict.Healthy"/> needs to be recorded, and after a restart the first <see cref="Verdict.Failing"/>.</summary>
public sealed record RecoveryJudged(DateTimeOffset At, string Incident, Verdict Verdict) : RemedyEvent(At);

public sealed record RolledBack(DateTimeOffset At, string Incident, string Change) : RemedyEvent(At);

public sealed record RollbackFailed(DateTimeOffset At, string Incident, string Change, string Reason) : RemedyEvent(At);

/// <summary>The process that watched ended, and another one watches from here on; nobody looked in between.</summary>
public sealed record Restarted(DateTimeOffset At) : RemedyEvent(At);

/// <summary>Time passed.</summary>
public sealed record Tick(DateTimeOffset At) : RemedyEvent(At);
