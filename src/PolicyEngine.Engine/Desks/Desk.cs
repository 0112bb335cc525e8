using PolicyEngine.Changes;
using PolicyEngine.Ir;

namespace PolicyEngine.Engine.Desks;

/// <summary>
/// The use cases as one person has them, in records that need no other project: what a screen shows and asks. When the session ends, nothing can
/// be read or done any more. A step that was begun is carried through, whoever hangs up.
/// </summary>
/// <param name="people">How many users there are now.</param>
/// <param name="ended">Cancelled when the person is signed out, or their token withdrawn.</param>
public sealed class Desk(PolicyEngineService engine, Actor actor, Func<int> people, CancellationToken ended)
{
    private const int LongestReason = 500;
    private static readonly Refusal SignedOut = new(RefusalKind.Forbidden, "you are signed out");

    public string Person => actor.Name;

    /// <summary>The roles in words.</summary>
    public string Roles => actor.Roles.ToString().ToLowerInvariant();

    public bool IsOpen => !ended.IsCancellationRequested;

    /// <summary>Why this person may not ask for anything; null where they may.</summary>
    public string? MayNotAsk => PolicyEngineService.Forbidden(actor, Changes.Roles.Operator, "ask for changes")?.Reason;

    /// <summary>Newest first.</summary>
    public IEnumerable<ChangeRow> All => IsOpen ? engine.Changes.Select(Views.Row) : [];

    /// <summary>The first turns of this person's conversations, newest first.</summary>
    public IEnumerable<ChangeRow> Conversations => IsOpen ? engine.Changes.Where(c => c.Conversation == c.Id && c.Author == actor.Name).Select(Views.Row) : [];

    public IReadOnlyList<ChangeView> Conversation(string id) => IsOpen ? [.. engine.Conversation(id).Select(View)] : [];

    public Outcome<ChangeView> Change(string id) => IsOpen ? Shown(engine.Change(id)) : SignedOut;

    public Task<Outcome<ChangeView>> Say(string? conversation, string text) => Do(() => engine.SayAsync(conversation, text, actor, CancellationToken.None));

    public Task<Outcome<ChangeView>> Answer(string id, string answer) => Do(() => engine.AnswerAsync(id, answer, actor, CancellationToken.None));

    public Task<Outcome<ChangeView>> DryRun(string id) => Do(() => engine.DryRunAsync(id, actor, CancellationToken.None));

    /// <param name="shown">The hash of the report that the person has before them.</param>
    public Task<Outcome<ChangeView>> Approve(string id, Revision shown) => Do(() => engine.ApproveAsync(id, shown, actor, CancellationToken.None));

    public Task<Outcome<ChangeView>> Reject(string id, string reason) => Do(() => engine.RejectAsync(id, Reason(reason), actor, CancellationToken.None));

    public Task<Outcome<ChangeView>> Promote(string id) => Do(() => engine.PromoteAsync(id, actor, CancellationToken.None));

    public Task<Outcome<ChangeView>> RollBack(string id, string reason) => Do(() => engine.RollBackAsync(id, Reason(reason), actor, CancellationToken.None));

    private async Task<Outcome<ChangeView>> Do(Func<Task<Outcome<Change>>> use) => IsOpen ? Shown(await use()) : SignedOut;

    private Outcome<ChangeView> Shown(Outcome<Change> outcome) => outcome.Value is { } change ? View(change) : outcome.Refusal!;

    private ChangeView View(Change change) => Views.View(change, engine.Head.Policies.Revision, actor, people());

    private static string Reason(string reason) => string.IsNullOrWhiteSpace(reason) ? "no reason given" : reason.Length <= LongestReason ? reason : reason[..LongestReason];
}
