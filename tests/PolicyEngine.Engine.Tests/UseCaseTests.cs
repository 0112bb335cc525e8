using Microsoft.Extensions.Time.Testing;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Engine;
using PolicyEngine.Engine.Desks;
using PolicyEngine.Ir;
using PolicyEngine.Planning;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Catalog;
using PolicyEngine.Testing;
using PolicyEngine.Xds;
using Xunit;

namespace PolicyEngine.Engine.Tests;

public sealed class UseCaseTests : IDisposable
{
    private const string Canary = "send 5% of checkout to v2";
    private static readonly Actor Ann = new("ann");
    private static readonly ServiceCatalog Catalog = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
    private static readonly PolicySet Initial = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-engine-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Recorder _served = new();
    private PolicyEngineService? _engine;
    private SqliteChangeStore? _store;

    public void Dispose()
    {
        _engine?.Dispose();
        _store?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Change_FromWordsToPromotionAndBack_IsOnTheRecord()
    {
        var engine = Open();
        var change = Value(await engine.SubmitAsync(new Submission(Canary), Ann, default));
        Assert.Equal(ChangeState.AwaitingApproval, change.State);
        var before = _served.Last("edge");
        Assert.Equal(ChangeState.Approved, Value(await engine.ApproveAsync(change.Id, change.ReportHash, Ann, default)).State);
        Assert.Equal(before, _served.Last("edge"));
        Assert.Equal(ChangeState.Promoted, Value(await engine.PromoteAsync(change.Id, Ann, default)).State);
        Assert.NotEqual(before, _served.Last("edge"));
        Value(await engine.RollBackAsync(null, "because", Ann, default));
        Assert.Equal(before, _served.Last("edge"));
        Assert.Equal(ChangeState.RolledBack, Value(engine.Change(change.Id)).State);
        Assert.True(engine.VerifyJournal().IsSound);
    }

    [Theory]
    [InlineData("send 5% of traffic to v2", ChangeState.NeedsAnswer)]
    [InlineData("fail all checkout requests with 500", ChangeState.Refused)]
    [InlineData(Canary, ChangeState.AwaitingApproval)]
    public async Task Plan_WhateverItEndsAs_SaysOnTheRecordWhoseItIs(string intent, ChangeState state)
    {
        var engine = Open();
        var change = Value(await engine.SubmitAsync(new Submission(intent), Ann, default));
        Assert.Equal(state, change.State);
        Assert.Equal(("embedded", EmbeddedPlanner.Version), ((string?)change.Provenance?["planner"], (string?)change.Provenance?["version"]));
        Assert.Equal($"embedded {EmbeddedPlanner.Version}", new Desk(engine, Ann, () => 1, default).Change(change.Id).Value!.Planner);
        engine.Dispose();
        Assert.Equal(change.Provenance!.ToJsonString(), Value(Open().Change(change.Id)).Provenance!.ToJsonString());
    }

    [Fact]
    public async Task Promote_WithoutApproval_IsRefused()
    {
        var engine = Open();
        var change = Value(await engine.SubmitAsync(new Submission(Canary), Ann, default));
        Assert.Equal(RefusalKind.Conflict, (await engine.PromoteAsync(change.Id, Ann, default)).Refusal!.Kind);
        Assert.Equal(RefusalKind.Conflict, (await engine.ApproveAsync(change.Id, Revision.Of("another"), Ann, default)).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await engine.PromoteAsync("c-99", Ann, default)).Refusal!.Kind);
        Assert.Equal(RefusalKind.NotFound, (await engine.PromoteAsync("'; DROP TABLE", Ann, default)).Refusal!.Kind);
    }

    [Fact]
    public async Task Promote_BaseHasMoved_IsSupersededAndDryRunAgain()
    {
        var engine = Open();
        var first = await Approved(engine, Canary);
        var second = await Approved(engine, "set a 3s timeout on orders");
        Value(await engine.PromoteAsync(first.Id, Ann, default));
        Assert.Equal(RefusalKind.Conflict, (await engine.PromoteAsync(second.Id, Ann, default)).Refusal!.Kind);
        Assert.Equal(ChangeState.Superseded, Value(engine.Change(second.Id)).State);
        var again = Value(await engine.DryRunAsync(second.Id, Ann, default));
        Value(await engine.ApproveAsync(second.Id, again.ReportHash, Ann, default));
        Value(await engine.PromoteAsync(second.Id, Ann, default));
        Assert.NotNull(engine.Head.Policies.Find(Kinds.TrafficSplit, "checkout-canary"));
        Assert.NotNull(engine.Head.Policies.Find(Kinds.Timeout, "orders-timeout"));
    }

    [Fact]
    public async Task Promote_TwiceAtOnce_HappensOnce()
    {
        var engine = Open();
        var change = await Approved(engine, Canary);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => engine.PromoteAsync(change.Id, Ann, default)));
        Assert.Single(outcomes, o => o.Value is not null);
    }

    [Fact]
    public async Task Answer_ToAQuestion_CarriesTheSamePlanOn()
    {
        var engine = Open();
        var asked = Value(await engine.SubmitAsync(new Submission("send 5% to v2"), Ann, default));
        Assert.Equal(ChangeState.NeedsAnswer, asked.State);
        var planned = Value(await engine.AnswerAsync(asked.Id, "checkout", Ann, default));
        Assert.Equal((asked.Id, ChangeState.AwaitingApproval), (planned.Id, planned.State));
    }

    [Fact]
    public async Task NodeRefuses_WhatWasJustPromoted_GoesBackByItself()
    {
        var engine = Open();
        var before = _served.Last("edge");
        var change = await Approved(engine, Canary);
        Value(await engine.PromoteAsync(change.Id, Ann, default));
        var version = engine.Head.Snapshots["edge"][ResourceType.RouteTable].Version;
        Value(await engine.NodeRefusedAsync(new NodeRefused("edge-1", "routes", "bad", []), version, default));
        Assert.Equal(before, _served.Last("edge"));
        var state = Value(engine.Change(change.Id));
        Assert.Equal(ChangeState.RolledBack, state.State);
        Assert.Contains("bad", state.Reasons.Single(), StringComparison.Ordinal);
        // Of an old version, or long after: no more.
        Assert.NotNull((await engine.NodeRefusedAsync(new NodeRefused("edge-1", "routes", "bad", []), version, default)).Refusal);
    }

    [Fact]
    public async Task Expire_WhenItsTimeHasCome_EndsByItself_AlsoAfterARestart()
    {
        var engine = Open();
        var change = await Approved(engine, Canary + " for the next two hours");
        Value(await engine.PromoteAsync(change.Id, Ann, default));
        Assert.Null(await engine.ExpireAsync(default));
        _time.Advance(TimeSpan.FromHours(3));
        engine = Open();
        Assert.NotNull(engine.Head.Policies.Find(Kinds.TrafficSplit, "checkout-canary"));
        Value((await engine.ExpireAsync(default))!);
        Assert.Null(engine.Head.Policies.Find(Kinds.TrafficSplit, "checkout-canary"));
    }

    [Fact]
    public async Task Start_Again_ServesTheSameAndKnowsEveryChange()
    {
        var engine = Open();
        var change = await Approved(engine, Canary);
        Value(await engine.PromoteAsync(change.Id, Ann, default));
        var waiting = Value(await engine.SubmitAsync(new Submission("mirror orders to v2"), Ann, default));
        var served = _served.Last("edge");
        _served.Clear();
        engine = Open();
        Assert.Equal(served, _served.Last("edge"));
        Assert.Equal(ChangeState.Promoted, Value(engine.Change(change.Id)).State);
        Assert.Equal(waiting.ReportHash, Value(engine.Change(waiting.Id)).ReportHash);
    }

    [Fact]
    public async Task Catalog_ServiceThatSuddenlyReportsNothing_KeepsItsEndpoints()
    {
        var engine = Open();
        var emptied = new ServiceCatalog(Catalog.Documents.Values.Select(d => d.Spec is ServiceSpec s && d.Name == "checkout" ? d.With(s with { Versions = [.. s.Versions.Select(v => v with { Endpoints = [] })] }) : d));
        var before = _served.Last("edge");
        await engine.UpdateCatalogAsync(emptied, default);
        Assert.Equal(before, _served.Last("edge"));
    }

    [Fact]
    public async Task Promote_EndpointsMovedSinceTheApproval_StillHolds()
    {
        var engine = Open();
        var change = await Approved(engine, Canary);
        var moved = new ServiceCatalog(Catalog.Documents.Values.Select(d => d.Spec is ServiceSpec s ? d.With(s with { Versions = [.. s.Versions.Select(v => v with { Endpoints = [.. v.Endpoints, new EndpointSpec { Address = "127.0.0.9", Port = 9999 }] })] }) : d));
        Assert.False((await engine.UpdateCatalogAsync(moved, default)).HasErrors());
        Assert.Equal(ChangeState.Promoted, Value(await engine.PromoteAsync(change.Id, Ann, default)).State);
    }

    [Fact]
    public async Task Submit_PlannerThatNeverAnswers_HoldsUpNobodyAndCanBeRejected()
    {
        var never = new NeverPlanner();
        var engine = Open(never);
        var submitting = engine.SubmitAsync(new Submission(Canary), Ann, default);
        await never.Asked.Task.WithTimeout();
        Assert.NotNull((await engine.RollBackAsync(null, "x", Ann, default).WithTimeout()).Refusal);
        var draft = engine.Changes[0];
        Assert.Equal(ChangeState.Draft, draft.State);
        Assert.Equal(ChangeState.Rejected, Value(await engine.RejectAsync(draft.Id, "enough", Ann, default)).State);
        never.Give.SetResult(EmbeddedPlanner.Plan(new PlanRequest { Intent = Canary, Catalog = Catalog, Policies = Initial }));
        Assert.NotNull((await submitting.WithTimeout()).Refusal);
    }

    [Fact]
    public async Task Say_WhoeverAskedWentAway_TheConversationGoesOn()
    {
        var never = new NeverPlanner();
        var engine = Open(never);
        using var gone = new CancellationTokenSource();
        var saying = engine.SayAsync(null, Canary, Ann, gone.Token);
        await never.Asked.Task.WithTimeout();
        var conversation = engine.Changes[0].Conversation!;
        Assert.Equal(RefusalKind.Conflict, (await engine.SayAsync(conversation, "now make it 20%", Ann, default)).Refusal!.Kind);
        await gone.CancelAsync();
        never.Give.SetCanceled(gone.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saying.WithTimeout());
        Assert.Equal(ChangeState.Refused, engine.Changes[0].State);
        var again = Open();
        Assert.Equal(ChangeState.AwaitingApproval, Value(await again.SayAsync(conversation, Canary, Ann, default)).State);
    }

    [Fact]
    public async Task Start_WhatWasBeingPlannedAtACrash_IsNoDraftForEver()
    {
        var never = new NeverPlanner();
        var engine = Open(never);
        _ = engine.SubmitAsync(new Submission(Canary), Ann, default);
        await never.Asked.Task.WithTimeout();
        Assert.Equal(ChangeState.Refused, Open().Changes[0].State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Submit_Nothing_IsRefused(string intent) =>
        Assert.Equal(RefusalKind.Invalid, (await Open().SubmitAsync(new Submission(intent), Ann, default)).Refusal!.Kind);

    [Fact]
    public async Task Submit_HundredKilobytes_IsRefusedAndBoundedOnTheRecord()
    {
        var change = Value(await Open().SubmitAsync(new Submission(new string('x', 100_000)), Ann, default));
        Assert.Equal(ChangeState.Refused, change.State);
        Assert.True(change.Intent.Length < 3_000);
    }

    [Fact]
    public async Task RollBack_ChangedAgainSince_IsRefusedWithTheDocument()
    {
        var engine = Open();
        var first = await Approved(engine, Canary);
        Value(await engine.PromoteAsync(first.Id, Ann, default));
        var second = await Approved(engine, "send 20% of checkout to v2");
        Value(await engine.PromoteAsync(second.Id, Ann, default));
        var refusal = (await engine.RollBackAsync(first.Id, "x", Ann, default)).Refusal!;
        Assert.Contains("TrafficSplit/checkout-canary", refusal.Reason, StringComparison.Ordinal);
    }

    private async Task<Change> Approved(PolicyEngineService engine, string intent)
    {
        var change = Value(await engine.SubmitAsync(new Submission(intent), Ann, default));
        return Value(await engine.ApproveAsync(change.Id, change.ReportHash, Ann, default));
    }

    private static T Value<T>(Outcome<T> outcome) where T : class => outcome.Value ?? throw new InvalidOperationException(outcome.Refusal!.Reason);

    private PolicyEngineService Open(IPlanner? planner = null)
    {
        _engine?.Dispose();
        _store?.Dispose();
        _store = SqliteChangeStore.Open(Path.Combine(_folder, "store.db"));
        _engine = new PolicyEngineService(new EngineParts(_store, planner ?? new EmbeddedPlanner(), _served, _time) { Initial = Initial }, Catalog);
        Assert.Empty(_engine.Start());
        return _engine;
    }

    private sealed class NeverPlanner : IPlanner
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<Plan> Give { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Name => "never";

        public Task<Plan> PlanAsync(PlanRequest request, CancellationToken cancellation)
        {
            Asked.TrySetResult();
            return Give.Task;
        }
    }

    private sealed class Recorder : ISnapshotPublisher
    {
        private readonly Dictionary<string, Revision> _last = [];

        public void Publish(Snapshot snapshot) => _last[snapshot.Fleet] = snapshot.Revision;

        public Revision Last(string fleet) => _last.GetValueOrDefault(fleet);

        public void Clear() => _last.Clear();
    }
}
