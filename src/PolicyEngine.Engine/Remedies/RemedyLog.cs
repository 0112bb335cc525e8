using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Telemetry.Detecting;
using PolicyEngine.Telemetry.Governing;

namespace PolicyEngine.Engine.Remedies;

/// <summary>Remedy events in the journal, and back.</summary>
internal sealed class RemedyLog(IChangeStore store)
{
    public void Write(string incident, RemedyEvent happened, Finding? finding, Actor actor, DateTimeOffset at) => store.Append(
        incident,
        new RemedyNoted(JsonNode.Parse(RemedyEventJson.Write(happened))!.AsObject(), finding is null ? null : JsonSerializer.SerializeToNode(finding, JournalJson.Options)!.AsObject()),
        actor, at);

    /// <summary>All that was noted, in order, with the findings that were open at the end.</summary>
    public (IReadOnlyList<RemedyEvent> Events, IReadOnlyList<Finding> Open) Read()
    {
        var (events, open) = (new List<RemedyEvent>(), new Dictionary<string, Finding>(StringComparer.Ordinal));
        foreach (var record in store.Journal())
        {
            if (record.Event is not RemedyNoted noted) continue;
            var happened = RemedyEventJson.Read(noted.Remedy.ToJsonString());
            events.Add(happened);
            if (happened is IncidentOpened && noted.Finding.Deserialize<Finding>(JournalJson.Options) is { } finding) open[finding.Id] = finding;
            else if (happened is IncidentClosed closed) open.Remove(closed.Incident);
        }
        return (events, [.. open.Values]);
    }
}
