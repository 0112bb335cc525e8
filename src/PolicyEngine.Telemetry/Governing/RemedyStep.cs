using System.Collections.Immutable;

namespace PolicyEngine.Telemetry.Governing;

/// <summary>The state while one event is handled, and what was decided so far.</summary>
internal sealed class RemedyStep(RemedyState state, RemedyRules rules)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ImmutableArray<RemedyDecision>.Builder _decisions = ImmutableArray.CreateBuilder<RemedyDecision>();

    public RemedyState State { get; set; } = state;

    public RemedyRules Rules => rules;

    public ImmutableArray<RemedyDecision> Decisions => _decisions.ToImmutable();

    public void Decide(RemedyDecision decision) => _decisions.Add(decision);

    /// <summary>The incident, if this is the change of its remedy.</summary>
    public IncidentRemedy? Of(string incident, string change) => State.Find(incident) is { } found && found.Change == change ? found : null;

    public void Put(IncidentRemedy incident)
    {
        var at = State.Incidents.FindIndex(i => i.Incident == incident.Incident);
        State = State with { Incidents = at < 0 ? State.Incidents.Add(incident) : State.Incidents.SetItem(at, incident) };
    }

    public void Ask(IncidentRemedy incident, string why)
    {
        Decide(new AskPerson(incident.Incident, why));
        Put(incident with { Phase = RemedyPhase.WithPerson, Deadline = null, Why = why });
    }

    /// <summary>Counts a proposal from now on; one that was decided earlier and has come about now counts from now.</summary>
    public void Count(IncidentRemedy incident)
    {
        Uncount(incident);
        State = State with { Proposals = State.Proposals.Add((State.Now, incident.Incident)) };
    }

    /// <summary>What came to nothing does not count against others. A cool-down that somebody else's remedy began goes on.</summary>
    public void Forgive(IncidentRemedy incident)
    {
        if (incident.Phase != RemedyPhase.Proposing) return;
        var decided = State.Proposals.FindLast(p => p.Incident == incident.Incident).At;
        Uncount(incident);
        if (State.CoolDowns.TryGetValue(incident.Target, out var until) && until <= decided + rules.ShortestCoolDown) State = State with { CoolDowns = State.CoolDowns.Remove(incident.Target) };
    }

    /// <summary>Whether a proposal counts: made within the hour, or decided and not yet known to be made.</summary>
    public bool Counts((DateTimeOffset At, string Incident) proposal) => proposal.At > State.Now - Kept || State.Find(proposal.Incident)?.Phase == RemedyPhase.Proposing;

    private void Uncount(IncidentRemedy incident)
    {
        if (incident.Phase != RemedyPhase.Proposing) return;
        var last = State.Proposals.FindLastIndex(p => p.Incident == incident.Incident);
        if (last >= 0) State = State with { Proposals = State.Proposals.RemoveAt(last) };
    }

    public void CoolDown(string target, TimeSpan time)
    {
        var until = State.Now + (time > rules.ShortestCoolDown ? time : rules.ShortestCoolDown);
        if (!State.CoolDowns.TryGetValue(target, out var standing) || until > standing) State = State with { CoolDowns = State.CoolDowns.SetItem(target, until) };
    }

    /// <summary>The state without what no longer matters, so that it stays small.</summary>
    public RemedyState Finish() => State with
    {
        // A change that was withdrawn may be promoted at the same moment: it is known until its end.
        Incidents = State.Incidents.RemoveAll(i => i.Phase == RemedyPhase.Over && (i.Change is null || State.Now >= i.EndsAt)),
        Proposals = State.Proposals.RemoveAll(p => !Counts(p)),
        CoolDowns = State.CoolDowns.RemoveRange(State.CoolDowns.Where(c => c.Value <= State.Now).Select(c => c.Key)),
    };
}
