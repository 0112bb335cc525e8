using System.Collections.Immutable;

namespace PolicyEngine.Ir;

public enum Severity { Info, Warning, Error }

/// <summary>Where in a file something stands; lines and columns count from 1.</summary>
public sealed record Location(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>
/// What is wrong (or worth knowing), where, and what to do about it. Diagnostics are data: they are collected, never thrown, and
/// shown alike by every surface and to the planner. The code is never reused; <see cref="DiagnosticCatalogue"/> lists them all.
/// </summary>
public sealed record Diagnostic
{
    /// <summary>Stable code, for instance <c>PE1003</c>.</summary>
    public required string Code { get; init; }

    public required Severity Severity { get; init; }

    public required string Message { get; init; }

    /// <summary>The document it is about, as <c>Kind/name</c>; null when no document is to blame.</summary>
    public string? Document { get; init; }

    /// <summary>Path of the field inside the document or resource: <c>spec.backends[1].weight</c>.</summary>
    public string? Field { get; init; }

    public Location? Location { get; init; }

    /// <summary>What would settle it: the nearest known name, or the edit to make.</summary>
    public string? Fix { get; init; }

    /// <summary>Other documents that take part, as <c>Kind/name</c>.</summary>
    public ImmutableArray<string> Related { get; init; } = [];

    /// <summary>A request that shows the problem, as <c>GET shop.example.com/checkout</c>.</summary>
    public string? Witness { get; init; }

    public static Diagnostic Of(DiagnosticRule rule, string message) =>
        new() { Code = rule.Code, Severity = rule.Severity, Message = message };

    public override string ToString()
    {
        var where = (Location, Document, Field) switch
        {
            ({ } l, _, { } f) => $"{l}: {f}: ",
            ({ } l, _, null) => $"{l}: ",
            (null, { } d, { } f) => $"{d}: {f}: ",
            (null, { } d, null) => $"{d}: ",
            (null, null, { } f) => $"{f}: ",
            _ => "",
        };
        return $"{where}{Severity.ToString().ToLowerInvariant()} {Code}: {Message}"
            + (Witness is null ? "" : $" (for instance {Witness})")
            + (Fix is null ? "" : $" [{Fix}]");
    }
}

public static class Diagnostics
{
    public static bool HasErrors(this IEnumerable<Diagnostic> diagnostics) => diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>One order for every surface: by place, then by code, then by text.</summary>
    public static ImmutableArray<Diagnostic> Sorted(this IEnumerable<Diagnostic> diagnostics) =>
    [
        .. diagnostics
            .OrderBy(d => d.Location?.File ?? "", StringComparer.Ordinal)
            .ThenBy(d => d.Location?.Line ?? 0)
            .ThenBy(d => d.Location?.Column ?? 0)
            .ThenBy(d => d.Document ?? "", StringComparer.Ordinal)
            .ThenBy(d => d.Field ?? "", StringComparer.Ordinal)
            .ThenBy(d => d.Code, StringComparer.Ordinal)
            .ThenBy(d => d.Message, StringComparer.Ordinal),
    ];
}
