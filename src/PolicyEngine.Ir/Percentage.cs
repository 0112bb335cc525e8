using System.Globalization;

namespace PolicyEngine.Ir;

/// <summary>A share from 0 % to 100 % with four decimals, kept exactly as millionths (what Envoy's FractionalPercent can say).</summary>
public readonly record struct Percentage : IComparable<Percentage>
{
    public const int Whole = 1_000_000;

    private Percentage(int millionths) => Millionths = millionths;

    /// <summary>0 to 1,000,000.</summary>
    public int Millionths { get; }

    public static Percentage Zero => default;

    public static Percentage Hundred => new(Whole);

    public decimal Value => Millionths / 10_000m;

    public static Percentage FromMillionths(int millionths) => millionths is >= 0 and <= Whole
        ? new Percentage(millionths)
        : throw new ArgumentOutOfRangeException(nameof(millionths), millionths, "a percentage is 0 to 1,000,000 millionths");

    public static Percentage Of(decimal percent) => TryOf(percent, out var p)
        ? p
        : throw new ArgumentOutOfRangeException(nameof(percent), percent, "a percentage is 0 to 100 with at most four decimals");

    public static bool TryOf(decimal percent, out Percentage percentage)
    {
        var millionths = percent is >= 0 and <= 100 ? percent * 10_000m : -1;
        var exact = millionths >= 0 && millionths == decimal.Truncate(millionths);
        percentage = exact ? new Percentage((int)millionths) : default;
        return exact;
    }

    /// <summary>Reads <c>5%</c>, <c>5 %</c>, <c>5</c> or <c>0.25%</c>.</summary>
    public static bool TryParse(string text, out Percentage percentage)
    {
        percentage = default;
        var number = text.AsSpan().Trim();
        if (number.EndsWith("%")) number = number[..^1].TrimEnd();
        return number.Length is > 0 and <= 12
            && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && TryOf(percent, out percentage);
    }

    public static bool operator <(Percentage a, Percentage b) => a.Millionths < b.Millionths;

    public static bool operator >(Percentage a, Percentage b) => a.Millionths > b.Millionths;

    public int CompareTo(Percentage other) => Millionths.CompareTo(other.Millionths);

    public override string ToString() => Value.ToString("0.####", CultureInfo.InvariantCulture) + "%";
}
