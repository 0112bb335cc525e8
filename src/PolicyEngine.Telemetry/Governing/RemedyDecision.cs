namespace PolicyEngine.Telemetry.Governing;

/// <summary>What is to be done now. Doing it again after a crash must do no harm: the incident's id, or the change's, tells what was done already.</summary>
public abstract record RemedyDecision(string Incident);

/// <summary>Ask the playbooks for a remedy and submit it as a change; then say <see cref="Proposed"/> or <see cref="NotProposed"/>.</summary>
public sealed record Propose(string Incident) : RemedyDecision(Incident);

/// <summary>Take back a change that nobody has approved yet: it is no longer needed.</summary>
public sealed record Withdraw(string Incident, string Change, string Why) : RemedyDecision(Incident);

/// <summary>Undo a promoted change; then say <see cref="RolledBack"/> or <see cref="RollbackFailed"/>.</summary>
public sealed record RollBack(string Incident, string Change, string Why) : RemedyDecision(Incident);

/// <summary>A person must look at it.</summary>
public sealed record AskPerson(string Incident, string Why) : RemedyDecision(Incident);
