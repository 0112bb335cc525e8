using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace PolicyEngine.Telemetry.Prometheus;

/// <summary>One point of a series; the value may be NaN or infinite, as Prometheus has it.</summary>
public readonly record struct PrometheusPoint(DateTimeOffset At, double Value);

/// <summary>A series by its labels, with its points: one of an instant query, several of a range.</summary>
public sealed record PrometheusSeries(ImmutableSortedDictionary<string, string> Labels, ImmutableArray<PrometheusPoint> Points)
{
    public string? this[string label] => Labels.GetValueOrDefault(label);
}

/// <summary>The series that a query gave, or what was wrong with the answer.</summary>
public sealed record PrometheusAnswer(ImmutableArray<PrometheusSeries> Series, string? Problem)
{
    private const int MostLabels = 64;
    private const int LongestText = 1024;

    public static PrometheusAnswer Failed(string problem) => new([], problem);

    /// <summary>Reads what <c>/api/v1/query</c> or <c>query_range</c> answered. Never throws: hostile text is text.</summary>
    public static PrometheusAnswer Parse(ReadOnlyMemory<byte> json, int mostSeries)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return Read(document.RootElement, mostSeries);
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            return Failed($"the answer is not what Prometheus answers: {Bounded(e.Message)}");
        }
    }

    private static PrometheusAnswer Read(JsonElement root, int mostSeries)
    {
        if (root.GetProperty("status").GetString() != "success") return Failed($"it says {(root.TryGetProperty("error", out var error) ? Bounded(error.GetString() ?? "nothing") : "that it failed")}");
        var data = root.GetProperty("data");
        var field = data.GetProperty("resultType").GetString() switch
        {
            "vector" => "value",
            "matrix" => "values",
            var other => throw new FormatException($"results of the type '{Bounded(other ?? "")}'"),
        };
        var results = data.GetProperty("result");
        if (results.GetArrayLength() > mostSeries) return Failed($"it gave {results.GetArrayLength():N0} series; at most {mostSeries:N0} are taken");
        var series = ImmutableArray.CreateBuilder<PrometheusSeries>(results.GetArrayLength());
        foreach (var result in results.EnumerateArray())
        {
            var points = result.GetProperty(field);
            series.Add(new PrometheusSeries(Labels(result.GetProperty("metric")), field == "value" ? [Point(points)] : [.. points.EnumerateArray().Select(Point)]));
        }
        return new PrometheusAnswer(series.MoveToImmutable(), null);
    }

    private static ImmutableSortedDictionary<string, string> Labels(JsonElement metric)
    {
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var label in metric.EnumerateObject())
        {
            var value = label.Value.GetString() ?? "";
            if (labels.Count >= MostLabels || value.Length > LongestText || label.Name.Length > LongestText) throw new FormatException("labels beyond every measure");
            labels[label.Name] = value;
        }
        return labels.ToImmutable();
    }

    private static PrometheusPoint Point(JsonElement point)
    {
        if (point.GetArrayLength() != 2) throw new FormatException("a point has a time and a value");
        var seconds = point[0].GetDouble();
        if (seconds is not (>= 0 and <= 253_402_300_799)) throw new FormatException("a time beyond the calendar");
        return new PrometheusPoint(DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)), Number(point[1].GetString() ?? ""));
    }

    private static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    internal static string Bounded(string text)
    {
        var line = string.Concat(text.Take(200).Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length > 200 ? line + "…" : line;
    }
}
