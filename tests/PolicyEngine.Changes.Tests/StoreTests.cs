using FsCheck.Xunit;
using Microsoft.Data.Sqlite;
using PolicyEngine.Changes.DryRuns;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Changes.Stores;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Testing;
using Xunit;

namespace PolicyEngine.Changes.Tests;

public sealed class StoreTests : IDisposable
{
    private static readonly ServiceCatalog Catalog = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "catalog")).Documents);
    private static readonly PolicySet Policies = new(DocumentFolder.Read(Path.Combine(RepositoryPaths.Shop, "policies")).Documents);
    private readonly string _folder = Directory.CreateTempSubdirectory("policyengine-store-").FullName;

    private string File => Path.Combine(_folder, "store.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Append_ThenOpenAgain_EverythingIsThere()
    {
        var candidate = Candidate.Of(Catalog, Policies);
        using (var store = SqliteChangeStore.Open(File))
        {
            Assert.NotNull(store.Append("c-1", new Submitted("x", "test"), new Actor("ann"), DateTimeOffset.UnixEpoch));
            Assert.NotNull(store.Append("c-1", Promotion(candidate), new Actor("ann"), DateTimeOffset.UnixEpoch, new HeadMove(Revision.None, Policies, [.. candidate.Snapshots.Values])));
        }
        using var again = SqliteChangeStore.Open(File);
        Assert.Equal(Policies.Revision, again.Head().Policies);
        Assert.Equal(Policies.Revision, again.Policies(Policies.Revision)!.Revision);
        Assert.Equal(candidate.Snapshots["edge"].Revision, again.Snapshot(again.Head().Snapshots["edge"])!.Revision);
        Assert.Equal(["submitted", "promoted"], again.Journal().Select(r => r.Event is Submitted ? "submitted" : "promoted"));
        Assert.True(JournalVerdict.Of(again.Journal()).IsSound);
    }

    [Theory]
    [InlineData("""{"event":"asked","summary":"s","questions":[{"id":"q","text":"Which?","choices":[]}]}""")]
    [InlineData("""{"event":"refused","summary":"s","reasons":["no"]}""")]
    public void Event_OfAJournalWithoutProvenance_IsReadAndWrittenAsItWas(string payload)
    {
        var record = new JournalRecord(1, default, "ann", "c-1", payload, Revision.None, Revision.None);
        Assert.Null(record.Event is Asked asked ? asked.Provenance : Assert.IsType<Refused>(record.Event).Provenance);
        Assert.Equal(payload, JournalRecord.Of(1, default, "ann", "c-1", record.Event, Revision.None).Payload);
    }

    [Fact]
    public void Append_MoveFromAnotherHead_WritesNothing()
    {
        var candidate = Candidate.Of(Catalog, Policies);
        using var store = SqliteChangeStore.Open(File);
        Assert.Null(store.Append("c-1", Promotion(candidate), new Actor("ann"), default, new HeadMove(Revision.Of("other"), Policies, [.. candidate.Snapshots.Values])));
        Assert.Empty(store.Journal());
        Assert.True(store.Head().Policies.IsNone);
    }

    [Fact]
    public async Task Append_ManyMovesAtOnce_ExactlyOneWins()
    {
        var candidate = Candidate.Of(Catalog, Policies);
        using var store = SqliteChangeStore.Open(File);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.Append($"c-{i}", Promotion(candidate), new Actor("ann"), default, new HeadMove(Revision.None, Policies, [.. candidate.Snapshots.Values])))));
        Assert.Single(results, r => r is not null);
        Assert.Single(store.Journal());
    }

    [Fact]
    public void Journal_ChangedBehindItsBack_IsNotPossibleBySql()
    {
        using (var store = SqliteChangeStore.Open(File)) store.Append("c-1", new Submitted("x", "t"), new Actor("a"), default);
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE journal SET actor = 'mallory'";
        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => command.ExecuteNonQuery()).Message, StringComparison.Ordinal);
    }

    /// <summary>Altered, dropped, swapped or put in: the verdict names the first record that is wrong.</summary>
    [Property(MaxTest = 200)]
    public bool Verdict_AnyTampering_NamesTheFirstBadRecord(byte at, byte how)
    {
        var records = new List<JournalRecord>();
        for (var i = 0; i < 10; i++) records.Add(JournalRecord.Of(i + 1, DateTimeOffset.UnixEpoch.AddSeconds(i), "ann", "c-1", new Answered($"{i}"), i == 0 ? Revision.None : records[^1].Hash));
        var place = at % 9;
        switch (how % 4)
        {
            case 0: records[place] = records[place] with { Actor = "mallory" }; break;
            case 1: records.RemoveAt(place); break;
            case 2: (records[place], records[place + 1]) = (records[place + 1], records[place]); break;
            default: records.Insert(place, records[place]); break;
        }
        var verdict = JournalVerdict.Of(records);
        return !verdict.IsSound && verdict.FirstBad == (how % 4 == 3 ? place + 2 : place + 1);
    }

    [Fact]
    public void Open_NotADatabase_SaysSo()
    {
        System.IO.File.WriteAllText(File, new string('x', 4096));
        Assert.Contains("store.db", Assert.Throws<StoreUnavailableException>(() => SqliteChangeStore.Open(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewFile_IsItsOwnersOnly()
    {
        using var store = SqliteChangeStore.Open(File);
        if (OperatingSystem.IsWindows()) Assert.Skip("file modes are a Unix matter");
        else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Report_SameInputs_SameHash_AndNamesTheAuthor()
    {
        var from = Candidate.Of(Catalog, Policies);
        var to = Candidate.Of(Catalog, Policies.Apply([PolicyEdit.Remove(Kinds.Timeout, "search-timeout")]), from);
        Assert.Equal(DryRunReport.Of("c-1", "ann", from, to).Hash(), DryRunReport.Of("c-1", "ann", from, Candidate.Of(Catalog, to.Policies)).Hash());
        Assert.NotEqual(DryRunReport.Of("c-1", "ann", from, to).Hash(), DryRunReport.Of("c-1", "bob", from, to).Hash());
        Assert.NotEqual(DryRunReport.Of("c-1", "ann", from, to).Hash(), DryRunReport.Of("c-2", "ann", from, to).Hash());
    }

    private static Promoted Promotion(Candidate candidate) => new(Revision.None, candidate.Policies.Revision, System.Collections.Immutable.ImmutableSortedDictionary<string, Revision>.Empty);
}
