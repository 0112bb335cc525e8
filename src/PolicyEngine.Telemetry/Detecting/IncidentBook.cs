namespace PolicyEngine.Telemetry.Detecting;

/// <summary>The incidents there are, by subject; a bounded number.</summary>
internal sealed class IncidentBook(DetectionOptions options)
{
    private readonly Dictionary<Subject, Incident> _incidents = [];

    /// <summary>Failures that could not be followed since there were too many at once.</summary>
    public long Overflow { get; private set; }

    public IEnumerable<Finding> Findings => _incidents.Values.Select(i => i.Finding).OfType<Finding>().OrderBy(f => f.OpenedAt).ThenBy(f => f.Id, StringComparer.Ordinal);

    public IEnumerable<Incident> Open => _incidents.Values.Where(i => i.IsOpen);

    public bool IsSuspected(Subject subject) => _incidents.GetValueOrDefault(subject)?.IsSuspected == true;

    public FindingChange? Judge(Judgement judgement, DateTimeOffset now)
    {
        if (!_incidents.TryGetValue(judgement.Subject, out var incident))
        {
            if (judgement.Verdict != Verdict.Failing) return null;
            if (_incidents.Count >= options.MostIncidents && Sweep(now) == 0)
            {
                Overflow++;
                return null;
            }
            _incidents.Add(judgement.Subject, incident = new Incident(judgement.Subject, options));
        }
        return incident.Judge(judgement, now);
    }

    /// <summary>Forgets what is long over; gives how many that were.</summary>
    public int Sweep(DateTimeOffset now)
    {
        var over = _incidents.Where(i => i.Value.IsOver(now)).Select(i => i.Key).ToList();
        foreach (var subject in over) _incidents.Remove(subject);
        return over.Count;
    }

    public void Restore(Finding finding)
    {
        if (_incidents.Count >= options.MostIncidents || _incidents.ContainsKey(finding.Subject)) return;
        var incident = new Incident(finding.Subject, options);
        incident.Restore(finding);
        _incidents.Add(finding.Subject, incident);
    }
}
