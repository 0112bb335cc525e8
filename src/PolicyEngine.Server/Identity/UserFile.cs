using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyEngine.Changes;
using PolicyEngine.Changes.Journal;

namespace PolicyEngine.Server.Identity;

/// <summary>Somebody with a token. Of the token only the SHA-256 hash is kept, in hex.</summary>
public sealed record User(string Name, Roles Roles, string TokenHash, DateTimeOffset CreatedAt);

/// <summary>
/// Who may use this server: a small file that only its owner can read, replaced as a whole. Tokens are 192 random bits, shown once and kept as
/// hashes; a token that is withdrawn ends what is going on under it.
/// </summary>
public sealed partial class UserFile : IDisposable
{
    public const int MostUsers = 1_000;
    private const string First = "admin";

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CancellationTokenSource> _sessions = new(StringComparer.Ordinal);
    private volatile ImmutableSortedDictionary<string, User> _users;

    private UserFile(string path, TimeProvider time, ImmutableSortedDictionary<string, User> users) => (_path, _time, _users) = (path, time, users);

    /// <summary>The first user's token, if it was made just now: the only time that it is known.</summary>
    public string? Fresh { get; private set; }

    public IEnumerable<User> All => _users.Values;

    public int Count => _users.Count;

    /// <summary>The users of a file; a first start, or one with <paramref name="renew"/>, makes an admin token.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: nobody is let in by guess.</exception>
    public static UserFile Open(string path, bool renew, TimeProvider time)
    {
        var users = ImmutableSortedDictionary.Create<string, User>(StringComparer.Ordinal);
        if (File.Exists(path))
        {
            try
            {
                users = users.AddRange((JsonSerializer.Deserialize<List<User>>(File.ReadAllText(path), JournalJson.Options) ?? []).Select(u => KeyValuePair.Create(u.Name, u)));
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                throw new InvalidDataException($"'{path}' is no list of users: {e.Message}");
            }
        }
        var file = new UserFile(path, time, users);
        if (users.IsEmpty || renew) file.Fresh = file.Put(First, Roles.Admin).Token;
        return file;
    }

    /// <summary>Whose token it is; compared in constant time.</summary>
    public User? Find(string token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        User? found = null;
        foreach (var user in _users.Values)
            if (CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(user.TokenHash))) found = user;
        return found;
    }

    public User? Named(string name) => _users.GetValueOrDefault(name);

    /// <summary>Adds a user, or gives one new roles and a new token. The token is in the result and nowhere else; or why not.</summary>
    public (string? Token, string? Problem) Add(string name, Roles roles)
    {
        if (!Name().IsMatch(name)) return (null, "a user's name is 1 to 63 lower-case letters, digits, '.', '@', '-' and '_', and begins with a letter or digit");
        if (name == Actor.System.Name) return (null, $"'{name}' is the engine itself");
        if (roles == Roles.None) return (null, "a user needs a role: viewer, operator, approver or admin");
        if (_users.Count >= MostUsers && !_users.ContainsKey(name)) return (null, $"there are {MostUsers} users already");
        lock (_gate)
        {
            if (IsLastAdmin(name) && !roles.HasFlag(Roles.Admin)) return (null, $"'{name}' is the last admin");
            return Put(name, roles);
        }
    }

    /// <summary>Takes a user's token away, and ends what is going on under it; gives why not, if not.</summary>
    public string? Remove(string name)
    {
        lock (_gate)
        {
            if (!_users.ContainsKey(name)) return $"there is no user '{name}'";
            if (IsLastAdmin(name)) return $"'{name}' is the last admin";
            Save(_users.Remove(name));
            End(name);
            return null;
        }
    }

    /// <summary>Cancelled when the user's token is withdrawn or replaced; at once where there is no such user any more.</summary>
    public CancellationToken Session(string name)
    {
        lock (_gate)
        {
            if (!_users.ContainsKey(name)) return new CancellationToken(canceled: true);
            if (!_sessions.TryGetValue(name, out var source)) _sessions[name] = source = new CancellationTokenSource();
            return source.Token;
        }
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values) session.Dispose();
    }

    private (string Token, string? Problem) Put(string name, Roles roles)
    {
        var token = "pe_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        Save(_users.SetItem(name, new User(name, roles, hash, _time.GetUtcNow())));
        End(name);
        return (token, null);
    }

    private bool IsLastAdmin(string name) => _users.TryGetValue(name, out var user) && user.Roles.HasFlag(Roles.Admin) && _users.Values.Count(u => u.Roles.HasFlag(Roles.Admin)) == 1;

    private void End(string name)
    {
        if (!_sessions.Remove(name, out var session)) return;
        session.Cancel();
        session.Dispose();
    }

    /// <summary>Written beside the old file and put in its place: after a crash it is the one or the other.</summary>
    private void Save(ImmutableSortedDictionary<string, User> users)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(_path)) is { } folder) Directory.CreateDirectory(folder);
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var fresh = _path + ".new";
        using (var file = new FileStream(fresh, create))
        {
            JsonSerializer.Serialize(file, users.Values, JournalJson.Options);
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, _path, overwrite: true);
        _users = users;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.@_-]{0,62}\z")]
    private static partial Regex Name();
}
