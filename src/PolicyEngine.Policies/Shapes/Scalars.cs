using System.Globalization;
using System.Text.RegularExpressions;
using PolicyEngine.Ir;

namespace PolicyEngine.Policies.Shapes;

/// <summary>How each scalar type is written in a document.</summary>
internal static class Scalars
{
    private const string DurationPattern = @"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)$";
    private const string PercentagePattern = @"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?) ?%?$";
    private const string CidrPattern = @"^[0-9a-fA-F:.]+(/[0-9]{1,3})?$";
    private const string TimePattern = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$";

    public static ScalarShape? Of(Type type, FieldAttribute about)
    {
        if (type == typeof(string)) return Text(about);
        if (type == typeof(int)) return Integer(about);
        if (type == typeof(bool)) return new(type, "true or false", s => s switch { "true" => true, "false" => false, _ => null }, v => v) { Form = ScalarForm.Boolean };
        if (type == typeof(TimeSpan)) return new(type, "a duration such as 750ms, 2s or 1h", s => Duration.TryParse(s, out var d) ? d : null, v => Duration.Format((TimeSpan)v)) { Form = ScalarForm.Text, Pattern = DurationPattern };
        if (type == typeof(Percentage)) return new(type, "a percentage such as 5% or 0.25%, from 0 to 100 with at most four decimals", s => Percentage.TryParse(s, out var p) ? p : null, v => ((Percentage)v).ToString()) { Form = ScalarForm.TextOrNumber, Pattern = PercentagePattern };
        if (type == typeof(Cidr)) return new(type, "an address range such as 10.0.0.0/8 or 2001:db8::/32", s => Cidr.TryParse(s, out var c) ? c : null, v => ((Cidr)v).ToString()) { Form = ScalarForm.Text, Pattern = CidrPattern };
        if (type == typeof(DateTimeOffset)) return new(type, "a time such as 2026-12-01T00:00:00Z", Time, v => ((DateTimeOffset)v).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)) { Form = ScalarForm.Text, Pattern = TimePattern };
        return type.IsEnum ? Enum(type) : null;
    }

    /// <summary>The document's word for an enum member: <c>ClientIp</c> is <c>client-ip</c>.</summary>
    public static string Word(string member) => Regex.Replace(member, "(?<=[a-z0-9])[A-Z]", m => "-" + m.Value).ToLowerInvariant();

    private static ScalarShape Enum(Type type)
    {
        var words = System.Enum.GetNames(type).ToDictionary(Word, n => System.Enum.Parse(type, n), StringComparer.Ordinal);
        return new(type, "one of " + string.Join(", ", words.Keys), s => words.GetValueOrDefault(s), v => Word(v.ToString()!)) { Form = ScalarForm.Text, Words = [.. words.Keys] };
    }

    private static ScalarShape Text(FieldAttribute about)
    {
        var pattern = about.Pattern is null ? null : new Regex(about.Pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        var expected = about.Words is { } words ? "one of " + string.Join(", ", words) : about.Expected ?? $"text of at most {about.MaxLength} characters";
        return new(typeof(string), expected, Parse, v => v) { Form = ScalarForm.Text, Pattern = about.Pattern, Words = [.. about.Words ?? []], MaxLength = about.MaxLength };

        object? Parse(string s) =>
            s.Length <= about.MaxLength
            && (about.Words is null || about.Words.Contains(s))
            && (pattern is null || pattern.IsMatch(s))
            && !s.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? s : null;
    }

    private static ScalarShape Integer(FieldAttribute about)
    {
        var expected = (about.Min, about.Max) switch
        {
            (int.MinValue, int.MaxValue) => "a whole number",
            (var min, int.MaxValue) => $"a whole number of at least {min}",
            var (min, max) => $"a whole number from {min} to {max}",
        };
        return new(typeof(int), expected, Parse, v => v)
        {
            Form = ScalarForm.Integer,
            Min = about.Min == int.MinValue ? null : about.Min,
            Max = about.Max == int.MaxValue ? null : about.Max,
        };

        object? Parse(string s) =>
            int.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) && i >= about.Min && i <= about.Max ? i : null;
    }

    private static object? Time(string text) =>
        Regex.IsMatch(text, TimePattern) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToUniversalTime() : null;
}
