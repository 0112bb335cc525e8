using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace PolicyEngine.Server.Identity;

/// <summary>Somebody signed in through a browser. <see cref="Ended"/> is cancelled when they sign out, when it is too old, and when their token is withdrawn.</summary>
public sealed record Session(User User, DateTimeOffset Until, CancellationToken Ended);

/// <summary>
/// Who is signed in: in memory only, by the hash of a random id that is the browser's cookie. A restart signs everybody out, and signing out ends
/// what is going on, also in other windows; a stolen old cookie is worth nothing.
/// </summary>
public sealed class SessionBook(UserFile users, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);
    private const int Most = 5_000;

    private readonly ConcurrentDictionary<string, (Session Session, CancellationTokenSource End)> _sessions = new(StringComparer.Ordinal);

    /// <summary>A new session's id, for whose token it is; null where it is nobody's.</summary>
    public string? Begin(string token)
    {
        if (users.Find(token) is not { } user) return null;
        Forget();
        var withdrawn = users.Session(user.Name);
        // A token that was withdrawn in between has ended the session before this one.
        if (users.Find(token) is null) return null;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var age = new CancellationTokenSource(Life, time);
        var end = CancellationTokenSource.CreateLinkedTokenSource(withdrawn, age.Token);
        end.Token.Register(age.Dispose);
        _sessions[Key(id)] = (new Session(user, time.GetUtcNow() + Life, end.Token), end);
        return id;
    }

    public Session? Find(string id) => _sessions.TryGetValue(Key(id), out var found) && !found.Session.Ended.IsCancellationRequested ? found.Session : null;

    public void End(string id)
    {
        if (_sessions.TryRemove(Key(id), out var found)) found.End.Cancel();
    }

    public void Dispose()
    {
        foreach (var (_, end) in _sessions.Values) end.Dispose();
    }

    /// <summary>Makes room: what is over goes, and of too many the oldest.</summary>
    private void Forget()
    {
        foreach (var (key, value) in _sessions)
            if (value.Session.Ended.IsCancellationRequested) _sessions.TryRemove(key, out _);
        foreach (var (key, value) in _sessions.OrderBy(s => s.Value.Session.Until).Take(Math.Max(0, _sessions.Count - Most + 1)))
            if (_sessions.TryRemove(key, out _)) value.End.Cancel();
    }

    private static string Key(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
