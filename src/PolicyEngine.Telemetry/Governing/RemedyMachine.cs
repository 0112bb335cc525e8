using System.Collections.Immutable;
using PolicyEngine.Ir;
using PolicyEngine.Telemetry.Detecting;

namespace PolicyEngine.Telemetry.Governing;

/// <summary>
/// Events in, decisions out; pure. One remedy an incident and a target at a time, so many an hour over all, a cool-down for each target, one switch
/// for everything; what does not help is rolled back once, and then it is a person's.
/// </summary>
public static class RemedyMachine
{
    public static (RemedyState State, ImmutableArray<RemedyDecision> Decisions) Handle(RemedyState state, RemedyEvent happened, RemedyRules rules)
    {
        var step = new RemedyStep(state with { Now = happened.At > state.Now ? happened.At : state.Now }, rules);
        // The switch comes before everything, so that nothing is done any more once it is off.
        if (happened is SwitchTurned turned) step.State = step.State with { On = turned.On };
        // So does a new beginning: the time in which nobody looked ends no watch.
        if (happened is Restarted) WatchAnew(step, state.Now);
        // What the clock alone brought about came then, whether anybody ticked then or not: so a history without ticks leads to the same.
        PassTime(step);
        step.State = step.Finish();
        Apply(step, happened);
        PassTime(step);
        Reconsider(step);
        return (step.Finish(), step.Decisions);
    }

    /// <summary>The state after the recorded events. What was decided then was done then, or is decided again at the next <see cref="Tick"/>.</summary>
    public static RemedyState Rebuild(IEnumerable<RemedyEvent> recorded, RemedyRules rules)
    {
        var state = recorded.Aggregate(RemedyState.Initial(rules), (s, e) => Handle(s, e, rules).State);
        // An outcome that was not recorded may never have come about.
        var step = new RemedyStep(state, rules);
        foreach (var incident in state.Incidents)
        {
            step.Forgive(incident);
            if (incident.Phase == RemedyPhase.Proposing) step.Put(incident with { Phase = RemedyPhase.Held });
            if (incident.Phase == RemedyPhase.RollingBack) step.Put(incident with { Phase = RemedyPhase.Watching });
        }
        return step.State;
    }

    private static void Apply(RemedyStep step, RemedyEvent happened)
    {
        switch (happened)
        {
            case IncidentOpened opened:
                Open(step, opened);
                break;
            case IncidentClosed { Incident: var id } when step.State.Find(id) is { } incident:
                Close(step, incident);
                break;
            case Proposed proposed when step.State.Find(proposed.Incident) is { Phase: RemedyPhase.Held or RemedyPhase.Proposing or RemedyPhase.Over, Change: null } incident:
                Await(step, incident, proposed);
                break;
            case NotProposed none when step.State.Find(none.Incident) is { Phase: RemedyPhase.Held or RemedyPhase.Proposing } incident:
                step.Forgive(incident);
                step.Ask(incident, none.Reason);
                break;
            case Refused refused when step.Of(refused.Incident, refused.Change) is { Phase: RemedyPhase.AwaitingApproval } incident:
                step.Put(incident with { Phase = RemedyPhase.WithPerson, Why = refused.Reason });
                break;
            case Promoted promoted when step.Of(promoted.Incident, promoted.Change) is { Phase: RemedyPhase.AwaitingApproval } incident:
                step.Put(incident with { Phase = RemedyPhase.Watching, Deadline = step.State.Now + incident.RecoveryWithin, Why = "recovery is not seen yet" });
                break;
            case Promoted promoted when step.Of(promoted.Incident, promoted.Change) is { Phase: RemedyPhase.Over } incident:
                step.Decide(new AskPerson(incident.Incident, "the remedy was taken back, and promoted all the same"));
                break;
            case RecoveryJudged { Verdict: Verdict.Healthy, Incident: var id } when step.State.Find(id) is { Phase: RemedyPhase.Watching } incident && incident.Deadline >= step.State.Now:
                step.Put(incident with { Phase = RemedyPhase.Standing, Deadline = null, IsBlind = false, Why = "recovery was seen" });
                break;
            case RecoveryJudged { Verdict: Verdict.Failing, Incident: var id } when step.State.Find(id) is { Phase: RemedyPhase.Watching, IsBlind: true } incident:
                step.Put(incident with { IsBlind = false, Why = "it is seen to go on" });
                break;
            case RolledBack back when step.Of(back.Incident, back.Change) is { Phase: RemedyPhase.Watching or RemedyPhase.Standing or RemedyPhase.RollingBack } incident:
                step.Put(incident with { Phase = RemedyPhase.WithPerson, Why = "the remedy did not help and was rolled back" });
                break;
            case RollbackFailed failed when step.Of(failed.Incident, failed.Change) is { Phase: RemedyPhase.Watching or RemedyPhase.RollingBack } incident:
                step.Ask(incident, $"the remedy did not help, and it could not be rolled back: {failed.Reason}");
                break;
        }
    }

    /// <summary>
    /// What was seen before is gone, and no data is neither recovery nor failure: the whole time once more, within the remedy's own. A watch that was over when
    /// the other process was last heard of is over.
    /// </summary>
    private static void WatchAnew(RemedyStep step, DateTimeOffset lastKnown)
    {
        foreach (var incident in step.State.Incidents.Where(i => i.Phase == RemedyPhase.Watching && i.Deadline >= lastKnown))
        {
            var deadline = step.State.Now + incident.RecoveryWithin;
            step.Put(incident with { Deadline = deadline < incident.EndsAt ? deadline : incident.EndsAt, IsBlind = true, Why = "watched anew since a restart; recovery is not seen yet" });
        }
    }

    private static void Open(RemedyStep step, IncidentOpened opened)
    {
        if (step.State.Find(opened.Incident) is not { } incident)
        {
            if (step.State.Incidents.Count >= step.Rules.MostIncidents) step.Decide(new AskPerson(opened.Incident, $"more than {step.Rules.MostIncidents} incidents at once"));
            else step.Put(new IncidentRemedy { Incident = opened.Incident, Target = opened.Target, Phase = RemedyPhase.Held, IsOpen = true });
            return;
        }
        // A remedy in force must help again, in the same time.
        if (incident is { Phase: RemedyPhase.Standing, IsOpen: false }) incident = incident with { Phase = RemedyPhase.Watching, Deadline = step.State.Now + incident.RecoveryWithin, Why = "it came back" };
        else if (incident.Phase == RemedyPhase.Over) incident = incident with { Phase = RemedyPhase.Held, Change = null, EndsAt = null };
        step.Put(incident with { IsOpen = true });
    }

    private static void Close(RemedyStep step, IncidentRemedy incident)
    {
        incident = incident with { IsOpen = false };
        if (incident is { Phase: RemedyPhase.AwaitingApproval, Change: { } change }) step.Decide(new Withdraw(incident.Incident, change, "it is over by itself"));
        step.Put(incident.Phase switch
        {
            RemedyPhase.Held or RemedyPhase.AwaitingApproval or RemedyPhase.WithPerson => incident with { Phase = RemedyPhase.Over, Why = "it is over by itself" },
            RemedyPhase.Watching => incident with { Phase = RemedyPhase.Standing, Deadline = null, IsBlind = false, Why = "recovery was seen" },
            _ => incident,
        });
    }

    private static void Await(RemedyStep step, IncidentRemedy incident, Proposed proposed)
    {
        step.Count(incident);
        step.CoolDown(incident.Target, proposed.CoolDown);
        incident = incident with { Change = proposed.Change, Playbook = proposed.Playbook, RecoveryWithin = proposed.RecoveryWithin, EndsAt = proposed.EndsAt };
        if (incident.IsOpen)
        {
            step.Put(incident with { Phase = RemedyPhase.AwaitingApproval, Why = "waits for approval" });
            return;
        }
        step.Decide(new Withdraw(incident.Incident, proposed.Change, "it was over before it was proposed"));
        step.Put(incident with { Phase = RemedyPhase.Over });
    }

    /// <summary>What the clock alone brings about: recovery that did not come, remedies that ended.</summary>
    private static void PassTime(RemedyStep step)
    {
        var now = step.State.Now;
        foreach (var incident in step.State.Incidents)
        {
            switch (incident)
            {
                case { Phase: RemedyPhase.Watching, Change: { } change } when now > incident.Deadline:
                    Fail(step, incident, change);
                    break;
                case { Phase: RemedyPhase.AwaitingApproval, Change: { } change } when now >= incident.EndsAt:
                    step.Decide(new Withdraw(incident.Incident, change, "its time was over before anybody approved it"));
                    step.Ask(incident, "nobody approved the remedy in its time");
                    break;
                case { Phase: RemedyPhase.Standing } when now >= incident.EndsAt && incident.IsOpen:
                    step.Ask(incident, "the remedy has ended and the finding is still open");
                    break;
                case { Phase: RemedyPhase.Standing } when now >= incident.EndsAt:
                    step.Put(incident with { Phase = RemedyPhase.Over, Why = "the remedy has ended" });
                    break;
            }
        }
    }

    private static void Fail(RemedyStep step, IncidentRemedy incident, string change)
    {
        if (incident.IsBlind)
        {
            step.Ask(incident with { IsBlind = false }, "the server was restarted while recovery was watched, and what was seen since tells neither way; the remedy stands until its end");
            return;
        }
        var why = $"recovery was not seen within {Duration.Format(incident.RecoveryWithin)}";
        if (!step.State.On)
        {
            step.Ask(incident, $"{why}; remedies are switched off, so it was not rolled back");
            return;
        }
        step.Decide(new RollBack(incident.Incident, change, why));
        step.Decide(new AskPerson(incident.Incident, $"{why}: the remedy is rolled back"));
        step.Put(incident with { Phase = RemedyPhase.RollingBack, Why = why });
    }

    /// <summary>Whether something that is held can be proposed now, the oldest first.</summary>
    private static void Reconsider(RemedyStep step)
    {
        foreach (var incident in step.State.Incidents.Where(i => i.Phase == RemedyPhase.Held))
        {
            if (Obstacle(step, incident) is { } why)
            {
                if (incident.Why != why) step.Put(incident with { Why = why });
                continue;
            }
            step.Count(incident);
            step.CoolDown(incident.Target, step.Rules.ShortestCoolDown);
            step.Decide(new Propose(incident.Incident));
            step.Put(incident with { Phase = RemedyPhase.Proposing, Why = "is being proposed" });
        }
    }

    private static string? Obstacle(RemedyStep step, IncidentRemedy incident)
    {
        var state = step.State;
        if (!state.On) return "remedies are switched off";
        if (state.Incidents.Exists(i => i.Target == incident.Target && i.HasRemedy)) return $"another remedy for {incident.Target} is under way";
        if (state.CoolDowns.TryGetValue(incident.Target, out var until) && state.Now < until) return $"{incident.Target} cools down";
        return state.Proposals.Count(step.Counts) >= step.Rules.MostPerHour ? $"{step.Rules.MostPerHour} remedies were proposed within the hour" : null;
    }
}
