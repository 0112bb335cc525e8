using System.Collections.Immutable;
using System.Text.Json;
using Dapper;
using Microsoft.Data.Sqlite;
using PolicyEngine.Changes.Journal;
using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Xds;

namespace PolicyEngine.Changes.Stores;

/// <summary>One SQLite file, written ahead and flushed before a step counts (<c>synchronous=FULL</c>): a step that was answered survives <c>kill -9</c>.</summary>
public sealed class SqliteChangeStore : IChangeStore
{
    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS journal (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, change_id TEXT NOT NULL, payload TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS documents (revision TEXT PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS policy_sets (revision TEXT PRIMARY KEY, members TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS snapshots (revision TEXT PRIMARY KEY, fleet TEXT NOT NULL, body BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY CHECK (id = 1), policies TEXT NOT NULL, snapshots TEXT NOT NULL);
        CREATE TRIGGER IF NOT EXISTS journal_append_only_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS journal_append_only_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
        """;

    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();
    private readonly string _path;

    private SqliteChangeStore(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens or makes the file; only its owner may read it, and one process at a time may have it open.</summary>
    public static SqliteChangeStore Open(string path)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
            connection.Open();
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            connection.Execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;");
            var version = connection.ExecuteScalar<int>("PRAGMA user_version");
            if (version > SchemaVersion) throw new InvalidDataException($"'{path}' was written by a newer version of PolicyEngine (schema {version}; this one knows {SchemaVersion})");
            connection.Execute(Schema);
            connection.Execute($"PRAGMA user_version={SchemaVersion}");
            return new SqliteChangeStore(connection, path);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"the store '{path}' cannot be opened: {e.Message}", e);
        }
    }

    public IReadOnlyList<JournalRecord> Journal() => Guarded(() => _connection
        .Query<(long Sequence, long At, string Actor, string ChangeId, string Payload, string Previous, string Hash)>("SELECT sequence, at, actor, change_id, payload, previous, hash FROM journal ORDER BY sequence")
        .Select(r => new JournalRecord(r.Sequence, new DateTimeOffset(r.At, TimeSpan.Zero), r.Actor, r.ChangeId, r.Payload, Read(r.Previous), Read(r.Hash)))
        .ToList());

    public Head Head() => Guarded(ReadHead);

    public PolicySet? Policies(Revision revision) => Guarded(() =>
    {
        if (_connection.QueryFirstOrDefault<string>("SELECT members FROM policy_sets WHERE revision = @revision", new { revision = revision.ToString() }) is not { } members) return null;
        var documents = JsonSerializer.Deserialize<string[]>(members)!
            .Select(m => _connection.QueryFirst<string>("SELECT json FROM documents WHERE revision = @m", new { m }))
            .SelectMany(j => DocumentParser.Parse(j, "store").Documents);
        var set = new PolicySet(documents);
        return set.Revision == revision ? set : throw new InvalidDataException($"the policy set kept as {revision.Short} is {set.Revision.Short}");
    });

    public Snapshot? Snapshot(Revision revision) => Guarded(() =>
        _connection.QueryFirstOrDefault<byte[]>("SELECT body FROM snapshots WHERE revision = @revision", new { revision = revision.ToString() }) is { } body ? SnapshotArchives.Read(body, revision) : null);

    public JournalRecord? Append(string changeId, ChangeEvent happened, Actor actor, DateTimeOffset at, HeadMove? move = null) => Guarded(() =>
    {
        using var transaction = _connection.BeginTransaction();
        if (move is not null && !Move(move, transaction)) return null;
        var (sequence, previous) = _connection.QueryFirstOrDefault<(long, string?)>("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1", transaction: transaction);
        var record = JournalRecord.Of(sequence + 1, at, actor.Name, changeId, happened, previous is null ? Revision.None : Revision.Parse(previous));
        _connection.Execute("INSERT INTO journal VALUES (@Sequence, @At, @Actor, @ChangeId, @Payload, @Previous, @Hash)",
            new { record.Sequence, At = record.At.UtcTicks, record.Actor, record.ChangeId, record.Payload, Previous = record.Previous.ToString(), Hash = record.Hash.ToString() }, transaction);
        transaction.Commit();
        return record;
    });

    public void Dispose() => _connection.Dispose();

    private bool Move(HeadMove move, SqliteTransaction transaction)
    {
        if (ReadHead().Policies != move.From) return false;
        foreach (var document in move.Policies.Documents.Values)
            _connection.Execute("INSERT OR IGNORE INTO documents VALUES (@revision, @json)", new { revision = document.Revision.ToString(), json = document.ToJson().ToJsonString() }, transaction);
        var members = JsonSerializer.Serialize(move.Policies.Documents.Values.Select(d => d.Revision.ToString()));
        _connection.Execute("INSERT OR IGNORE INTO policy_sets VALUES (@revision, @members)", new { revision = move.Policies.Revision.ToString(), members }, transaction);
        foreach (var snapshot in move.Snapshots)
            _connection.Execute("INSERT OR IGNORE INTO snapshots VALUES (@revision, @Fleet, @body)", new { revision = snapshot.Revision.ToString(), snapshot.Fleet, body = SnapshotArchives.Write(snapshot) }, transaction);
        var snapshots = JsonSerializer.Serialize(move.Snapshots.OrderBy(s => s.Fleet, StringComparer.Ordinal).ToDictionary(s => s.Fleet, s => s.Revision.ToString()));
        _connection.Execute("INSERT INTO head VALUES (1, @policies, @snapshots) ON CONFLICT (id) DO UPDATE SET policies = @policies, snapshots = @snapshots",
            new { policies = move.Policies.Revision.ToString(), snapshots }, transaction);
        return true;
    }

    private Head ReadHead()
    {
        var (policies, snapshots) = _connection.QueryFirstOrDefault<(string?, string?)>("SELECT policies, snapshots FROM head");
        return policies is null
            ? Stores.Head.Empty
            : new Head(Revision.Parse(policies), JsonSerializer.Deserialize<Dictionary<string, string>>(snapshots!)!.ToImmutableSortedDictionary(s => s.Key, s => Revision.Parse(s.Value), StringComparer.Ordinal));
    }

    // A damaged hash is for the verdict on the journal to name, not for the reader to fall over.
    private static Revision Read(string text) => Revision.TryParse(text, out var revision) ? revision : Revision.None;

    private T Guarded<T>(Func<T> work)
    {
        lock (_gate)
        {
            try
            {
                return work();
            }
            catch (Exception e) when (e is SqliteException or InvalidOperationException)
            {
                throw new StoreUnavailableException($"the store '{_path}' cannot be used: {e.Message}", e);
            }
        }
    }
}
