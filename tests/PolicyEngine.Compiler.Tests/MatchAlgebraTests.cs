using FsCheck.Xunit;
using PolicyEngine.Compiler.Matching;
using PolicyEngine.Ir;
using Xunit;

namespace PolicyEngine.Compiler.Tests;

public sealed class MatchAlgebraTests
{
    private static readonly string[] Paths = ["/", "/a", "/a/b", "/ab", "/b"];
    private static readonly string[] Methods = ["GET", "POST"];

    [Property(MaxTest = 300)]
    public bool Intersect_AnyTwoMatches_HoldsExactlyWhereBothDo(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Match(random), Match(random));
        var both = MatchAlgebra.Intersect(a, b);
        return Requests().All(r => (both is not null && Holds(both, r)) == (Holds(a, r) && Holds(b, r)));
    }

    [Property(MaxTest = 300)]
    public bool Covers_WhenItSaysYes_EveryRequestOfTheOneIsOfTheOther(int seed)
    {
        var random = new Random(seed);
        var (a, b) = (Match(random), Match(random));
        return !MatchAlgebra.Covers(a, b) || Requests().All(r => !Holds(b, r) || Holds(a, r));
    }

    [Fact]
    public void Intersect_PrefixesSideBySide_IsNothing() =>
        Assert.Null(MatchAlgebra.Intersect(new RouteMatch { Path = new PathMatch(PathMatchKind.Prefix, "/a") }, new RouteMatch { Path = new PathMatch(PathMatchKind.Prefix, "/ab") }));

    private static RouteMatch Match(Random random) => new()
    {
        Path = new PathMatch(random.Next(2) == 0 ? PathMatchKind.Exact : PathMatchKind.Prefix, Paths[random.Next(Paths.Length)]),
        Methods = random.Next(3) == 0 ? [Methods[random.Next(2)]] : [],
        Headers = random.Next(3) == 0 ? [new NamedMatch("x", random.Next(2) == 0 ? StringMatchKind.Exact : StringMatchKind.Present, random.Next(2) == 0 ? "1" : "1", random.Next(2) == 0)] : [],
    };

    private static IEnumerable<(string Path, string Method, string? X)> Requests() =>
        from path in Paths.Append("/a/b/c") from method in Methods from x in new[] { null, "1", "2" } select (path, method, x);

    private static bool Holds(RouteMatch match, (string Path, string Method, string? X) request) =>
        match.AlsoPaths.Prepend(match.Path).All(p => p.Kind == PathMatchKind.Exact ? request.Path == p.Value : p.Value == "/" || request.Path == p.Value || request.Path.StartsWith(p.Value + "/", StringComparison.Ordinal))
        && (match.Methods.IsEmpty || match.Methods.Contains(request.Method))
        && match.Headers.All(h => (h.Kind == StringMatchKind.Present ? request.X is not null : request.X == h.Value) != h.Invert);
}
