using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PolicyEngine.Ir;

/// <summary>
/// Takes keys and certificates out of text of others (what a node says that it refuses, what somebody wrote where it does not belong) before it is
/// shown, logged or kept. A whole block leaves its SHA-256 fingerprint, so that two places can be told to speak of the same one.
/// </summary>
public static partial class KeyMaterial
{
    public const string Blot = "[redacted]";

    private const int FingerprintDigits = 12;
    private const int FewestDigits = 3;

    /// <summary>Without blocks, and without pieces of their inside that stand alone.</summary>
    public static string Hidden(string text) => Long().Replace(HiddenBlocks(text), OfRun);

    /// <summary>Without blocks: for what people write, where a long value may be meant.</summary>
    public static string HiddenBlocks(string text) => Block().Replace(text, OfBlock);

    /// <summary>In place of a value that is known to be sensitive: where it is one whole block, with its fingerprint.</summary>
    public static string InPlaceOf(string value) => Block().Match(value.Trim()) is { Success: true } block && block.Length == value.Trim().Length ? OfBlock(block) : Blot;

    private static string OfBlock(Match block)
    {
        if (!block.Groups["end"].Success) return Blot;
        // Quoted text has its line ends escaped.
        var body = Encoding.ASCII.GetBytes(block.Groups["body"].Value.Replace("\\n", "", StringComparison.Ordinal).Replace("\\r", "", StringComparison.Ordinal));
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(body.Length)];
        return Base64.DecodeFromUtf8(body, bytes, out _, out var length) == System.Buffers.OperationStatus.Done
            ? $"[redacted {block.Groups["label"].Value}, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length)))[..FingerprintDigits]}…]"
            : Blot;
    }

    /// <summary>Base64 and not a hash in hex, a number or a long word.</summary>
    private static string OfRun(Match run) =>
        run.Value.Any(char.IsAsciiLetterUpper) && run.Value.Any(char.IsAsciiLetterLower) && run.Value.Count(char.IsAsciiDigit) >= FewestDigits ? Blot : run.Value;

    [GeneratedRegex(@"-----BEGIN (?<label>[A-Z0-9 ]{1,40})-----(?<body>[^-]*)(?<end>-----END [A-Z0-9 ]{1,40}-----)?", RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?:[A-Za-z0-9+/=]{48,}(?:\r?\n|\\r|\\n)*)+[A-Za-z0-9+/=]*", RegexOptions.CultureInvariant)]
    private static partial Regex Long();
}
