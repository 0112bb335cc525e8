namespace PolicyEngine.Telemetry.Samples;

/// <summary>Whether a sample can be true at all.</summary>
internal static class SampleChecks
{
    public const int LongestName = 253;

    /// <summary>Beyond this a double no longer counts one by one.</summary>
    private const double MostCounted = 1L << 53;

    public static bool IsPossible(Sample sample) =>
        IsName(sample.Source) && IsName(sample.Service) && IsName(sample.Version) && (sample.Instance is null || IsName(sample.Instance)) && (sample.Fleet is null || IsName(sample.Fleet)) && (sample.Locality is null || IsName(sample.Locality))
        && IsCount(sample.Requests) && IsCount(sample.Errors) && sample.Errors <= sample.Requests && (sample.InFlight is not { } inFlight || IsCount(inFlight));

    public static bool IsPossible(KeySample sample) => IsName(sample.Source) && IsName(sample.Service) && IsName(sample.Dimension) && (sample.Key is null || IsName(sample.Key)) && IsCount(sample.Requests) && IsCount(sample.MostOfOne);

    private static bool IsName(string text) => text.Length is > 0 and <= LongestName && !text.Any(char.IsControl);

    private static bool IsCount(double value) => value is >= 0 and <= MostCounted;
}
