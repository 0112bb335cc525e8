using PolicyEngine.Ir;
using PolicyEngine.Policies;

namespace PolicyEngine.Planning.Lexing;

/// <summary>The names of a catalog as people say them: "price-api", "price_api", "price api", "PriceApi".</summary>
internal sealed class Names
{
    private readonly Dictionary<string, List<(TokenKind Kind, string Name)>> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);

    public Names(ServiceCatalog catalog)
    {
        foreach (var (name, service) in catalog.Services)
        {
            Add(name, TokenKind.Service, name);
            foreach (var alias in service.Aliases) Add(alias, TokenKind.Service, name);
        }
        foreach (var version in catalog.Services.Values.SelectMany(s => s.Versions)) Add(version.Name, TokenKind.Version, version.Name);
        foreach (var name in catalog.Gateways.Keys) Add(name, TokenKind.Gateway, name);
        foreach (var name in catalog.Fleets.Keys) Add(name, TokenKind.Fleet, name);
        foreach (var host in catalog.Gateways.Values.SelectMany(g => g.Listeners).SelectMany(l => l.Hostnames)) _hosts.Add(host);
    }

    /// <summary>Whatever the word names; several where a gateway and a fleet are called the same.</summary>
    public IReadOnlyList<(TokenKind Kind, string Name)> Find(string word) => _names.GetValueOrDefault(word) ?? [];

    public bool IsHost(string word) => _hosts.Contains(word);

    /// <summary>"version 2" is v2, where there is one.</summary>
    public string? Version(string number) =>
        new[] { "v" + number, number, "release-" + number, "r" + number, "version-" + number, "v" + number + ".0" }.FirstOrDefault(n => Find(n).Any(f => f.Kind == TokenKind.Version)) is { } word ? Find(word).First(f => f.Kind == TokenKind.Version).Name : null;

    /// <summary>A name that was probably meant: near exactly one, and long enough that nearness says something; or a part of exactly one.</summary>
    public (TokenKind Kind, string Name, int Distance)? Near(string word)
    {
        if (word.Length < 4) return null;
        var near = _names.Keys.Where(n => n.Length >= 4 && Math.Abs(n.Length - word.Length) <= 2 && !n.Any(char.IsAsciiDigit))
            .Select(n => (Word: n, Distance: Nearest.Distance(word, n))).Where(n => n.Distance <= (word.Length < 8 ? 1 : 2)).OrderBy(n => n.Distance).ToList();
        var best = near.Where(n => n.Distance == near[0].Distance).SelectMany(n => Find(n.Word)).Distinct().ToList();
        if (best.Count == 1) return (best[0].Kind, best[0].Name, near[0].Distance);
        if (best.Count > 1) return null;
        var parts = _names.Where(n => n.Key.Split('-', '_', '.').Contains(word)).SelectMany(n => n.Value).Where(n => n.Kind == TokenKind.Service).Distinct().ToList();
        return parts.Count == 1 ? (parts[0].Kind, parts[0].Name, 0) : null;
    }

    private void Add(string spoken, TokenKind kind, string name)
    {
        var word = spoken.Trim().ToLowerInvariant().Replace(' ', '-');
        foreach (var form in new[] { word, word.Replace('-', '_'), word.Replace("-", "", StringComparison.Ordinal) }.Distinct())
        {
            if (!_names.TryGetValue(form, out var found)) _names[form] = found = [];
            if (!found.Contains((kind, name))) found.Add((kind, name));
        }
    }
}
