using System.Security.Cryptography;
using System.Text;

namespace PolicyEngine.Server.Identity;

/// <summary>The admin token: made and printed once, kept as a hash only, compared in constant time.</summary>
public sealed class TokenFile
{
    private readonly byte[] _hash;

    private TokenFile(byte[] hash, string? fresh) => (_hash, Fresh) = (hash, fresh);

    /// <summary>The token, if it was made just now: the only time that it is known.</summary>
    public string? Fresh { get; }

    public static TokenFile Open(string path, bool renew)
    {
        if (File.Exists(path) && !renew) return new TokenFile(Convert.FromHexString(File.ReadAllText(path).Trim()), null);
        var token = "pe_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var hash = Hash(token);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var create = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(path, Encoding.ASCII, create)) file.Write(Convert.ToHexStringLower(hash));
        return new TokenFile(hash, token);
    }

    public bool Accepts(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _hash);

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
