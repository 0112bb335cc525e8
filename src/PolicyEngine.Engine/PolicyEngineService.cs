using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Approvals;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Compiler;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;
using PolicyEngine.Xds;

namespace PolicyEngine.Engine;

/// <summary>
/// The use cases. Writers take turns, readers never wait; what cannot be done is an <see cref="Outcome{T}"/> with the reason. Nothing here
/// knows of HTTP, gRPC or a terminal.
/// </summary>
public sealed partial class PolicyEngineService : IDisposable
{
    private const string ImportChannel = "import";
    private const string ClockChannel = "clock";
    private const string RollbackChannel = "rollback";

    /// <summary>What takes something back, or was approved before, needs nobody else.</summary>
    private static readonly ApprovalSpec BySystemItself = new() { Author = AuthorApproval.Always };

    private readonly EngineParts _parts;
    private readonly Notices<ChangeNotice> _notices = new();
    private readonly ChangeBook _book;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Candidate _head;

    /// <summary>The store's head as this engine last saw it: a promotion that finds another one there has lost a race.</summary>
    private Revision _stored;

    public PolicyEngineService(EngineParts parts, ServiceCatalog catalog)
    {
        _parts = parts;
        _book = new ChangeBook(parts.Store, parts.Time, _notices);
        // Nothing is built of it: what the store holds is served first, and what it means today comes after.
        _head = new Candidate(catalog, PolicySet.Empty, PolicyCompiler.Compile(catalog, PolicySet.Empty), ImmutableSortedDictionary<string, Snapshot>.Empty, []);
    }

    /// <summary>What is served now.</summary>
    public Candidate Head => _head;

    public IReadOnlyList<Change> Changes => [.. _book.All.Reverse()];

    public Outcome<Change> Change(string id) => _book.Find(id) is { } change ? change : Unknown(id);

    /// <summary>Serves again what was served last; it needs nothing but the store, and comes before everything else.</summary>
    public static void Restore(IChangeStore store, ISnapshotPublisher publisher)
    {
        foreach (var revision in store.Head().Snapshots.Values)
            if (store.Snapshot(revision) is { } snapshot) publisher.Publish(snapshot);
    }

    /// <summary>
    /// Works out what the policies that were served last mean today, with the present catalog, and serves that; what they meant then, <see cref="Restore"/>
    /// serves already. A first start imports the initial policies. Gives what is wrong, if anything: the engine runs all the same.
    /// </summary>
    public ImmutableArray<Diagnostic> Start()
    {
        var head = _parts.Store.Head();
        _stored = head.Policies;
        _book.Replay(_parts.Store.Journal());
        FinishRollbacks();
        FinishDrafts();
        if (head.Policies.IsNone) return Import();
        var policies = _parts.Store.Policies(head.Policies) ?? throw new InvalidDataException($"the store names the policies {head.Policies.Short} and does not have them");
        var candidate = Candidate.Of(_head.Catalog, policies);
        _head = candidate;
        if (!candidate.HasErrors) PublishAll(candidate);
        return candidate.Diagnostics;
    }

    /// <summary>What would happen, on top of what is served now.</summary>
    public Task<Outcome<Change>> DryRunAsync(string id, Actor actor, CancellationToken cancellation) => As(Roles.Operator, "dry-run", actor, () => DryRun(id, actor), cancellation);

    /// <summary>An approval signs the hash of the report that was read.</summary>
    public Task<Outcome<Change>> ApproveAsync(string id, Revision reportHash, Actor actor, CancellationToken cancellation) => As(Roles.Approver, "approve", actor, () =>
        _book.Find(id) is not { } change ? Unknown(id)
        : ApprovalRules.Objection(change, actor, _parts.People()) is { } objection ? new Refusal(RefusalKind.Forbidden, objection)
        : _book.Step(id, new Approved(reportHash), actor), cancellation);

    public Task<Outcome<Change>> RejectAsync(string id, string reason, Actor actor, CancellationToken cancellation) =>
        As(Roles.Operator | Roles.Approver, "reject", actor, () => _book.Step(id, new Rejected(reason), actor), cancellation);

    /// <summary>Makes what was approved what is served, if the base is still the one that it was dry-run on.</summary>
    public Task<Outcome<Change>> PromoteAsync(string id, Actor actor, CancellationToken cancellation) => As(Roles.Operator, "promote", actor, () => Promote(id, actor, _parts.Approval()), cancellation);

    /// <summary>Takes a promoted change back, as a new change; the last one where none is named.</summary>
    public Task<Outcome<Change>> RollBackAsync(string? id, string reason, Actor actor, CancellationToken cancellation) => As(Roles.Operator, "roll back", actor, () => RollBack(id, reason, actor), cancellation);

    /// <summary>A node refused a version. Within the window after the promotion that brought it, the promotion goes back by itself.</summary>
    public Task<Outcome<Change>> NodeRefusedAsync(NodeRefused refused, Revision version, CancellationToken cancellation) => InTurn(() =>
    {
        var current = _head.Snapshots.Values.SelectMany(s => s.Sets).Any(s => s.Version == version);
        var last = LastPromoted();
        if (!current || last is null || last.Undoes is not null || last.Channel == ImportChannel || last.PromotedAt + _parts.RefusalWindow < _parts.Time.GetUtcNow())
            return Task.FromResult<Outcome<Change>>(new Refusal(RefusalKind.Conflict, "no promotion in flight brought what was refused"));
        if (_book.Step(last.Id, refused, Actor.System) is { Refusal: { } problem }) return Task.FromResult<Outcome<Change>>(problem);
        return Task.FromResult(RollBack(last.Id, $"{refused.Node} refused {refused.Type}: {refused.Message}", Actor.System));
    }, cancellation);

    /// <summary>Removes what has ended by now; its removal was approved with it. Null where nothing has.</summary>
    public Task<Outcome<Change>?> ExpireAsync(CancellationToken cancellation) => InTurn<Outcome<Change>?>(() =>
    {
        var ended = _head.Policies.Documents.Values.Where(d => d.Metadata.ExpiresAt <= _parts.Time.GetUtcNow()).ToList();
        if (ended.Count == 0) return Task.FromResult<Outcome<Change>?>(null);
        // A removal that would not compile waits for people; trying it again every few seconds would only fill the journal.
        var edits = ended.Select(PolicyEdit.Remove).ToList();
        var candidate = Candidate.Of(_head.Catalog, _head.Policies.Apply(edits), _head);
        if (candidate.HasErrors) return Task.FromResult<Outcome<Change>?>(new Refusal(RefusalKind.Conflict, "what has ended cannot be removed: the rest does not compile without it", candidate.Diagnostics));
        return Task.FromResult<Outcome<Change>?>(BySystem($"ended: {string.Join(", ", ended.Select(d => d.Id))}", ClockChannel, edits, null));
    }, cancellation);

    /// <summary>
    /// What exists has changed. Endpoints are no policy: they are served at once. A catalog under which the policies no longer compile is not
    /// taken; what is wrong is returned.
    /// </summary>
    public Task<ImmutableArray<Diagnostic>> UpdateCatalogAsync(ServiceCatalog catalog, CancellationToken cancellation) => InTurn(() =>
    {
        var candidate = Candidate.Of(CatalogGuard.Guarded(_head.Catalog, catalog), _head.Policies, _head);
        if (candidate.HasErrors) return Task.FromResult(candidate.Diagnostics);
        _head = candidate;
        PublishAll(candidate);
        return Task.FromResult(candidate.Diagnostics);
    }, cancellation);

    public IReadOnlyList<JournalRecord> Journal() => _parts.Store.Journal();

    /// <summary>Whether the chain is unbroken, and ends where the head says that it must: a cut-off end shows too.</summary>
    public JournalVerdict VerifyJournal()
    {
        var journal = _parts.Store.Journal();
        var verdict = JournalVerdict.Of(journal);
        if (!verdict.IsSound) return verdict;
        var promoted = journal.Select(r => r.Event).OfType<Promoted>().LastOrDefault()?.To ?? Revision.None;
        var head = _parts.Store.Head().Policies;
        return promoted == head ? verdict : verdict with { FirstBad = verdict.Records + 1, Problem = $"the head is {head.Short}, and the last promotion on the record is {promoted.Short}" };
    }

    /// <summary>Steps of changes from now on.</summary>
    public IAsyncEnumerable<ChangeNotice> Watch(CancellationToken cancellation) => _notices.Listen(cancellation);

    public void Dispose()
    {
        _turn.Dispose();
        _plans.Dispose();
    }

    private Outcome<Change> PlanEdits(string id, IReadOnlyList<PolicyEdit> edits, Actor actor, ApprovalSpec? approval = null) =>
        Planned(id, Planning.Paraphrasing.Paraphrase.Of(edits, _head.Policies), edits, new JsonObject { ["planner"] = "edits" }, actor, approval ?? _parts.Approval());

    private Outcome<Change> Planned(string id, string summary, IReadOnlyList<PolicyEdit> edits, JsonObject provenance, Actor actor, ApprovalSpec approval) =>
        _book.Step(id, new Planned(summary, [.. edits.Select(EditJson.Write)], provenance), actor) is { Refusal: { } refused } ? refused : DryRun(id, actor, approval);

    private Outcome<Change> DryRun(string id, Actor actor, ApprovalSpec? approval = null)
    {
        if (_book.Find(id) is not { } change) return Unknown(id);
        var report = Report(change, approval ?? _parts.Approval(), out _);
        return _book.Step(id, new DryRun(report.Base, report.Candidate, report.HasErrors, report.Hash(), report.ToJson(), report.Need), actor);
    }

    private DryRunReport Report(Change change, ApprovalSpec approval, out Candidate candidate)
    {
        var (edits, unreadable) = ReadEdits(change.Edits);
        candidate = Candidate.Of(_head.Catalog, _head.Policies.Apply(edits), _head);
        var report = DryRunReport.Of(change.Id, change.Author, _head, candidate, approval);
        // An edit on the record that can no longer be read is an error of the change, never left out.
        return unreadable.HasErrors() ? report with { Diagnostics = [.. report.Diagnostics, .. unreadable] } : report;
    }

    private Outcome<Change> Promote(string id, Actor actor, ApprovalSpec approval)
    {
        if (_book.Find(id) is not { } change) return Unknown(id);
        if (change.State != ChangeState.Approved) return new Refusal(RefusalKind.Conflict, $"{id} is {ChangeMachine.Word(change.State)}: it cannot be promoted");
        var report = Report(change, approval, out var candidate);
        // What was approved is what is served: the very same report, or none.
        if (report.Hash() != change.ReportHash)
            return _book.Step(id, new Superseded(_head.Policies.Revision), actor) is { Refusal: { } refused }
                ? refused
                : new Refusal(RefusalKind.Conflict, $"what is served, or who must approve it, has changed since {id} was dry-run; dry-run and approve it again");
        var snapshots = candidate.Snapshots.ToImmutableSortedDictionary(s => s.Key, s => s.Value.Revision, StringComparer.Ordinal);
        var outcome = _book.Step(id, new Promoted(_head.Policies.Revision, candidate.Policies.Revision, snapshots), actor, new(_stored, candidate.Policies, [.. candidate.Snapshots.Values]));
        if (outcome.Value is null) return outcome;
        _stored = candidate.Policies.Revision;
        _head = candidate;
        PublishAll(candidate);
        return outcome;
    }

    private Outcome<Change> RollBack(string? id, string reason, Actor actor)
    {
        var change = id is null ? LastPromoted(c => c.Undoes is null && c.Channel != ImportChannel) : _book.Find(id);
        if (change is null) return id is null ? new Refusal(RefusalKind.NotFound, "nothing was promoted that could be rolled back") : Unknown(id);
        if (change.State != ChangeState.Promoted) return new Refusal(RefusalKind.Conflict, $"{change.Id} is {ChangeMachine.Word(change.State)}: there is nothing to roll back");
        var left = ReadEdits(change.Edits).Edits;
        foreach (var edit in left)
            if (!Equals(_head.Policies.Documents.GetValueOrDefault(edit.Id), edit.Upserted))
                return new Refusal(RefusalKind.Conflict, $"{edit.Id} was changed again after {change.Id}; roll back what changed it first");
        var undone = BySystem($"roll back {change.Id}: {reason}", RollbackChannel, Turns.Inverse(change), change.Id, actor);
        if (undone.Value is not { } by) return undone;
        return _book.Step(change.Id, new RolledBack(by.Id, reason), actor) is { Refusal: { } refused } ? refused : by;
    }

    /// <summary>A change from submission to promotion in one go: what needs no further approval because it was given, or takes something back.</summary>
    private Outcome<Change> BySystem(string intent, string channel, IReadOnlyList<PolicyEdit> edits, string? undoes, Actor? by = null)
    {
        var actor = by ?? Actor.System;
        var id = _book.NextId();
        if (_book.Step(id, new Submitted(intent, channel, undoes), actor) is { Refusal: { } refused }) return refused;
        var dryRun = PlanEdits(id, edits, actor, BySystemItself);
        if (dryRun.Value is not { } change) return dryRun;
        if (change.State != ChangeState.AwaitingApproval) return new Refusal(RefusalKind.Conflict, $"{id} does not compile", Errors(change));
        if (_book.Step(id, new Approved(change.ReportHash), actor) is { Refusal: { } unapproved }) return unapproved;
        return Promote(id, actor, BySystemItself);
    }

    private ImmutableArray<Diagnostic> Import()
    {
        var candidate = Candidate.Of(_head.Catalog, _parts.Initial);
        if (candidate.HasErrors) return candidate.Diagnostics;
        if (_parts.Initial.Documents.IsEmpty)
        {
            _head = candidate;
            PublishAll(candidate);
            return candidate.Diagnostics;
        }
        var outcome = BySystem("the policies of the first start", ImportChannel, _head.Policies.EditsTo(_parts.Initial), null);
        return outcome.Refusal is { } refused
            ? [.. candidate.Diagnostics, Diagnostic.Of(DiagnosticCatalogue.PlanDoesNotCompile, $"the initial policies were not imported: {refused.Reason}")]
            : candidate.Diagnostics;
    }

    private void PublishAll(Candidate candidate)
    {
        foreach (var snapshot in candidate.Snapshots.Values) _parts.Publisher.Publish(snapshot);
    }

    private static (IReadOnlyList<PolicyEdit> Edits, IReadOnlyList<Diagnostic> Diagnostics) ReadEdits(ImmutableArray<JsonObject> edits)
    {
        var read = edits.Select((e, i) => EditJson.Read(e, $"edit {i + 1}")).ToList();
        return ([.. read.Select(r => r.Edit).OfType<PolicyEdit>()], [.. read.SelectMany(r => r.Diagnostics)]);
    }

    /// <summary>A crash may fall between a rollback's promotion and the note on what it took back: the note is made up for.</summary>
    private void FinishRollbacks()
    {
        foreach (var by in _book.All.Where(c => c is { State: ChangeState.Promoted, Undoes: not null }).ToList())
            if (_book.Find(by.Undoes!) is { State: ChangeState.Promoted }) _book.Step(by.Undoes!, new RolledBack(by.Id, by.Intent), Actor.System);
    }

    private Change? LastPromoted(Func<Change, bool>? among = null) =>
        _book.All.Where(c => c.State == ChangeState.Promoted && (among is null || among(c))).OrderBy(c => c.PromotedAt).LastOrDefault();

    private static ImmutableArray<Diagnostic> Errors(Change change) =>
        [.. (change.Report?["diagnostics"] as JsonArray ?? []).Select(d => d.Deserialize<Diagnostic>(JournalJson.Options)).OfType<Diagnostic>()];

    private static Refusal Unknown(string id) => new(RefusalKind.NotFound, $"there is no change '{Shortened(id)}'");

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";

    internal static Refusal? Forbidden(Actor actor, Roles any, string what) =>
        actor.May(any) ? null : new Refusal(RefusalKind.Forbidden, $"{actor.Name} may not {what}: that takes the role {string.Join(" or ", any.ToString().ToLowerInvariant().Split(", "))}");

    private Task<Outcome<Change>> As(Roles any, string what, Actor actor, Func<Outcome<Change>> work, CancellationToken cancellation) =>
        Forbidden(actor, any, what) is { } forbidden ? Task.FromResult<Outcome<Change>>(forbidden) : InTurn(() => Task.FromResult(work()), cancellation);

    private async Task<T> InTurn<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
