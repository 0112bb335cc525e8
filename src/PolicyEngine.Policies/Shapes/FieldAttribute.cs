namespace PolicyEngine.Policies.Shapes;

/// <summary>What a field of a document is for, and what may stand in it. Parsing, JSON Schema and the reference page all read it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>A whole-string regular expression (the common subset of .NET, RE2 and ECMA-262), with <see cref="Expected"/> in words.</summary>
    public string? Pattern { get; init; }

    public string? Expected { get; init; }

    /// <summary>The only words allowed.</summary>
    public string[]? Words { get; init; }

    /// <summary>Bounds of a number.</summary>
    public int Min { get; init; } = int.MinValue;

    public int Max { get; init; } = int.MaxValue;

    /// <summary>Longest text, in characters.</summary>
    public int MaxLength { get; init; } = 1024;

    /// <summary>Most items of a list.</summary>
    public int MaxItems { get; init; } = 256;

    /// <summary>Whether a list needs an item.</summary>
    public bool NotEmpty { get; init; }

    public string? Example { get; init; }
}

/// <summary>Of the named fields exactly one (or, if not <see cref="Required"/>, at most one) is given.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class OneOfAttribute(params string[] fields) : Attribute
{
    public string[] Fields { get; } = fields;

    public bool Required { get; init; } = true;
}

/// <summary>Of the named fields at least one is given.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class AnyOfAttribute(params string[] fields) : Attribute
{
    public string[] Fields { get; } = fields;
}

/// <summary>Forms of text that recur.</summary>
public static class Patterns
{
    public const string Name = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";
    public const string NameExpected = "lower-case letters, digits and '-', at most 63";
    public const string Version = "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$";
    public const string VersionExpected = "lower-case letters, digits, '.' and '-', at most 63";
    public const string Host = "^(\\*|(\\*\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)$";
    public const string HostExpected = "a host name in lower case, *.suffix, or *";
    public const string HeaderName = "^[A-Za-z0-9!#$&'*+.^_|~-]+$";
    public const string HeaderNameExpected = "a header name";
    public const string Method = "^[A-Z]+$";
    public const string MethodExpected = "an HTTP method in capitals";
    public const string AbsolutePath = "^/[^?#\\s]*$";
    public const string AbsolutePathExpected = "a path that begins with '/', without query or fragment";
}
