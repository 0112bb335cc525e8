using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Validate;

namespace PolicyEngine.Xds.Linting;

/// <summary>Rules about text and bytes.</summary>
internal static partial class TextRule
{
    public static void Check(StringRules rules, string text, Action<string> report)
    {
        if (text.Length == 0 && rules.IgnoreEmpty) return;
        var letters = rules.HasMinLen || rules.HasMaxLen || rules.HasLen ? Letters(text) : 0;
        var bytes = rules.HasMinBytes || rules.HasMaxBytes ? (ulong)Encoding.UTF8.GetByteCount(text) : 0;
        if (rules.HasMinLen && letters < rules.MinLen) report(rules.MinLen == 1 ? "must not be empty" : $"is shorter than {rules.MinLen} characters");
        if (rules.HasMaxLen && letters > rules.MaxLen) report($"is longer than {rules.MaxLen} characters");
        if (rules.HasLen && letters != rules.Len) report($"must have {rules.Len} characters");
        if (rules.HasMinBytes && bytes < rules.MinBytes) report($"is shorter than {rules.MinBytes} bytes");
        if (rules.HasMaxBytes && bytes > rules.MaxBytes) report($"is longer than {rules.MaxBytes} bytes");
        if (rules.HasConst && text != rules.Const) report($"must be '{rules.Const}'");
        if (rules.HasPrefix && !text.StartsWith(rules.Prefix, StringComparison.Ordinal)) report($"must begin with '{rules.Prefix}'");
        if (rules.HasSuffix && !text.EndsWith(rules.Suffix, StringComparison.Ordinal)) report($"must end with '{rules.Suffix}'");
        if (rules.HasContains && !text.Contains(rules.Contains, StringComparison.Ordinal)) report($"must have '{rules.Contains}' in it");
        if (rules.HasNotContains && text.Contains(rules.NotContains, StringComparison.Ordinal)) report($"must not have '{rules.NotContains}' in it");
        if (rules.HasPattern && !Regex.IsMatch(text, rules.Pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)) report($"'{text}' does not have the form {rules.Pattern}");
        if (rules.In.Count > 0 && !rules.In.Contains(text)) report($"is '{text}', which is not among {string.Join(", ", rules.In)}");
        if (rules.NotIn.Contains(text)) report($"must not be '{text}'");
        Form(rules, text, report);
    }

    public static void Check(BytesRules rules, ByteString bytes, Action<string> report)
    {
        if (bytes.IsEmpty && rules.IgnoreEmpty) return;
        if (rules.HasMinLen && (ulong)bytes.Length < rules.MinLen) report($"is shorter than {rules.MinLen} bytes");
        if (rules.HasMaxLen && (ulong)bytes.Length > rules.MaxLen) report($"is longer than {rules.MaxLen} bytes");
        if (rules.HasLen && (ulong)bytes.Length != rules.Len) report($"must have {rules.Len} bytes");
    }

    private static ulong Letters(string text)
    {
        ulong letters = 0;
        foreach (var _ in text.EnumerateRunes()) letters++;
        return letters;
    }

    private static void Form(StringRules rules, string text, Action<string> report)
    {
        var strict = !rules.HasStrict || rules.Strict;
        switch (rules.WellKnownCase)
        {
            case StringRules.WellKnownOneofCase.WellKnownRegex when rules.WellKnownRegex == KnownRegex.HttpHeaderName:
                if (text.Length > 0 && !(strict ? HeaderName() : LooseHeader()).IsMatch(text)) report($"'{text}' is not a header name");
                break;
            case StringRules.WellKnownOneofCase.WellKnownRegex when rules.WellKnownRegex == KnownRegex.HttpHeaderValue:
                if (!(strict ? HeaderValue() : LooseHeader()).IsMatch(text)) report("is not a header value: it has a control character in it");
                break;
            case StringRules.WellKnownOneofCase.Ip when rules.Ip && !IPAddress.TryParse(text, out _):
                report($"'{text}' is not an IP address");
                break;
            case StringRules.WellKnownOneofCase.Ipv4 when rules.Ipv4 && !(IPAddress.TryParse(text, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork):
                report($"'{text}' is not an IPv4 address");
                break;
            case StringRules.WellKnownOneofCase.Ipv6 when rules.Ipv6 && !(IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6):
                report($"'{text}' is not an IPv6 address");
                break;
            case StringRules.WellKnownOneofCase.Hostname when rules.Hostname && Uri.CheckHostName(text) != UriHostNameType.Dns:
            case StringRules.WellKnownOneofCase.Address when rules.Address && Uri.CheckHostName(text) == UriHostNameType.Unknown:
                report($"'{text}' is not a host name");
                break;
            case StringRules.WellKnownOneofCase.Uri when rules.Uri && !Uri.TryCreate(text, UriKind.Absolute, out _):
                report($"'{text}' is not an absolute URI");
                break;
            case StringRules.WellKnownOneofCase.UriRef when rules.UriRef && !Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _):
                report($"'{text}' is not a URI");
                break;
        }
    }

    [GeneratedRegex(@"^:?[0-9a-zA-Z!#$%&'*+\-.^_|~`]+\z")]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"^[^\u0000-\u0008\u000A-\u001F\u007F]*\z")]
    private static partial Regex HeaderValue();

    [GeneratedRegex(@"^[^\u0000\u000A\u000D]*\z")]
    private static partial Regex LooseHeader();
}
