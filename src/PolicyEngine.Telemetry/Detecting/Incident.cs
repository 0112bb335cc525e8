namespace PolicyEngine.Telemetry.Detecting;

/// <summary>
/// From judgements, which flap, to a finding, which does not: it opens when a failure held, closes when health held, and holds on longer each time
/// it comes back. No data neither opens nor closes it.
/// </summary>
internal sealed class Incident(Subject subject, DetectionOptions options)
{
    private int _failing;
    private DateTimeOffset _healthySince;
    private DateTimeOffset _lastKnown;
    private DateTimeOffset _toldAt;

    public Subject Subject => subject;

    public Finding? Finding { get; private set; }

    public bool IsOpen => Finding?.State == FindingState.Open;

    /// <summary>Whether something is amiss or may soon be: then nothing is learnt from the traffic.</summary>
    public bool IsSuspected => IsOpen || _failing > 0;

    /// <summary>Whether it can be forgotten.</summary>
    public bool IsOver(DateTimeOffset now) => !IsSuspected && (Finding?.ClosedAt is not { } closed || now - closed > options.SameIncident);

    public FindingChange? Judge(Judgement judgement, DateTimeOffset now)
    {
        if (judgement.Verdict != Verdict.Unknown || _lastKnown == default) _lastKnown = now;
        return judgement.Verdict switch
        {
            Verdict.Failing => Fail(judgement, now),
            Verdict.Healthy => Heal(judgement, now),
            _ => Unknown(now),
        };
    }

    private FindingChange? Fail(Judgement judgement, DateTimeOffset now)
    {
        _healthySince = default;
        _failing++;
        if (IsOpen)
        {
            if (now - _toldAt < options.UpdateEvery) return null;
            return Told(FindingStep.Updated, Finding! with { UpdatedAt = now, Says = judgement.Says, Confidence = judgement.Confidence, Evidence = judgement.Evidence, Stable = judgement.Stable ?? Finding.Stable }, now);
        }
        if (_failing < options.OpenAfter) return null;
        if (Finding is { } past && now - past.ClosedAt <= options.SameIncident)
            return Told(FindingStep.Reopened, past with { State = FindingState.Open, UpdatedAt = now, ClosedAt = null, Reopened = past.Reopened + 1, Says = judgement.Says, Confidence = judgement.Confidence, Evidence = judgement.Evidence, Stable = judgement.Stable }, now);
        return Told(FindingStep.Opened, new Finding
        {
            Id = subject.IncidentId(now),
            Subject = subject,
            State = FindingState.Open,
            OpenedAt = now,
            UpdatedAt = now,
            Says = judgement.Says,
            Confidence = judgement.Confidence,
            Stable = judgement.Stable,
            Evidence = judgement.Evidence,
        }, now);
    }

    private FindingChange? Heal(Judgement judgement, DateTimeOffset now)
    {
        _failing = 0;
        if (!IsOpen) return null;
        if (_healthySince == default) _healthySince = now;
        return now - _healthySince < Hold ? null : Close(judgement.Says, now);
    }

    private FindingChange? Unknown(DateTimeOffset now)
    {
        if (!IsOpen)
        {
            _failing = 0;
            return null;
        }
        _healthySince = default;
        return now - _lastKnown < options.GivenUpAfter ? null : Close($"nothing was heard of {subject} any more; whether it recovered is not known", now);
    }

    private TimeSpan Hold => TimeSpan.FromTicks(Math.Min(options.CloseAtMost.Ticks, options.CloseAfter.Ticks << Math.Min(Finding!.Reopened, 20)));

    private FindingChange Close(string says, DateTimeOffset now)
    {
        (_failing, _healthySince) = (0, default);
        return Told(FindingStep.Closed, Finding! with { State = FindingState.Closed, UpdatedAt = now, ClosedAt = now, Says = says }, now);
    }

    private FindingChange Told(FindingStep step, Finding finding, DateTimeOffset now)
    {
        (Finding, _toldAt) = (finding, now);
        return new FindingChange(step, finding);
    }

    /// <summary>Takes up a finding that stood open when the process ended.</summary>
    public void Restore(Finding finding)
    {
        // Whatever was heard of it last was heard by another process: it is given up only after this one has looked for as long.
        Finding = finding;
        _toldAt = finding.UpdatedAt;
    }
}
