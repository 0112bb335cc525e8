using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Validate;
using RuleSet = Validate.FieldRules;

namespace PolicyEngine.Xds.Linting;

/// <summary>Rules about one value.</summary>
internal static class ValueRule
{
    public static void Check(RuleSet rules, object value, Action<string> report)
    {
        switch (rules.TypeCase)
        {
            case RuleSet.TypeOneofCase.String: TextRule.Check(rules.String, (string)value, report); break;
            case RuleSet.TypeOneofCase.Bytes: TextRule.Check(rules.Bytes, (ByteString)value, report); break;
            case RuleSet.TypeOneofCase.Enum: Enum(rules.Enum, Convert.ToInt32(value, CultureInfo.InvariantCulture), value, report); break;
            case RuleSet.TypeOneofCase.Bool:
                if (rules.Bool.HasConst && (bool)value != rules.Bool.Const) report($"must be {rules.Bool.Const}");
                break;
            case RuleSet.TypeOneofCase.Duration: Bounds(rules.Duration, Nanoseconds((Duration)value), v => Nanoseconds((Duration)v), report); break;
            // The API has the rule on messages that are no Any too (ExtensionConfigSource.config_source): there it says only that one is needed.
            case RuleSet.TypeOneofCase.Any when value is Any any: Any(rules.Any, any, report); break;
            case RuleSet.TypeOneofCase.Any: break;
            case RuleSet.TypeOneofCase.None or RuleSet.TypeOneofCase.Timestamp or RuleSet.TypeOneofCase.Repeated or RuleSet.TypeOneofCase.Map: break;
            default: Number(rules, value, report); break;
        }
    }

    /// <summary>All numeric rule messages have the same fields with different types; they are read by name.</summary>
    private static void Number(RuleSet rules, object value, Action<string> report)
    {
        var own = RuleSet.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(rules);
        var message = (IMessage)own.Accessor.GetValue(rules);
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (number == 0 && Value(message, "ignore_empty") is true) return;
        Bounds(message, (decimal)Math.Clamp(number, -1e28, 1e28), v => (decimal)Math.Clamp(Convert.ToDouble(v, CultureInfo.InvariantCulture), -1e28, 1e28), report);
    }

    /// <summary>With gt above lt the allowed values lie outside of the two.</summary>
    private static void Bounds(IMessage rules, decimal value, Func<object, decimal> read, Action<string> report)
    {
        decimal? Of(string name) => Value(rules, name) is { } v ? read(v) : null;
        var (gt, gte, lt, lte) = (Of("gt"), Of("gte"), Of("lt"), Of("lte"));
        var above = !(gt is { } g && value <= g || gte is { } ge && value < ge);
        var below = !(lt is { } l && value >= l || lte is { } le && value > le);
        var outside = (gt ?? gte) is { } low && (lt ?? lte) is { } high && low >= high;
        if (outside ? !above && !below : !above || !below) report($"is {Shown(rules, value)}, which is not {Wanted(rules, gt, gte, lt, lte)}");
        if (Of("const") is { } only && value != only) report($"must be {Shown(rules, only)}");
        if (List(rules, "in") is { Count: > 0 } allowed && !allowed.Cast<object>().Any(v => read(v) == value)) report($"is {Shown(rules, value)}, which is not among the allowed values");
        if (List(rules, "not_in") is { Count: > 0 } banned && banned.Cast<object>().Any(v => read(v) == value)) report($"must not be {Shown(rules, value)}");
    }

    private static void Enum(EnumRules rules, int number, object value, Action<string> report)
    {
        if (rules.DefinedOnly && !System.Enum.IsDefined(value.GetType(), value)) report($"has the unknown value {number}");
        if (rules.HasConst && number != rules.Const) report($"must be {rules.Const}");
        if (rules.In.Count > 0 && !rules.In.Contains(number)) report($"is {value}, which is not allowed here");
        if (rules.NotIn.Contains(number)) report($"must not be {value}");
    }

    private static void Any(AnyRules rules, Any value, Action<string> report)
    {
        if (rules.In.Count > 0 && !rules.In.Contains(value.TypeUrl)) report($"holds '{value.TypeUrl}', which is not allowed here");
        if (rules.NotIn.Contains(value.TypeUrl)) report($"must not hold '{value.TypeUrl}'");
    }

    private static object? Value(IMessage rules, string name) =>
        rules.Descriptor.FindFieldByName(name) is { IsRepeated: false } field && field.Accessor.HasValue(rules) ? field.Accessor.GetValue(rules) : null;

    private static IList? List(IMessage rules, string name) => rules.Descriptor.FindFieldByName(name)?.Accessor.GetValue(rules) as IList;

    private static decimal Nanoseconds(Duration duration) => duration.Seconds * 1_000_000_000m + duration.Nanos;

    private static string Shown(IMessage rules, decimal value) => rules is DurationRules
        ? (value / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture) + "s"
        : value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Wanted(IMessage rules, decimal? gt, decimal? gte, decimal? lt, decimal? lte) => string.Join(" and ", new[]
    {
        gt is { } a ? $"more than {Shown(rules, a)}" : null,
        gte is { } b ? $"at least {Shown(rules, b)}" : null,
        lt is { } c ? $"less than {Shown(rules, c)}" : null,
        lte is { } d ? $"at most {Shown(rules, d)}" : null,
    }.OfType<string>());
}
