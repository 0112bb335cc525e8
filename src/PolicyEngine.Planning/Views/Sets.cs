using System.Collections.Frozen;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>The sets of words that tell talk from orders.</summary>
internal static class Sets
{
    public static readonly FrozenSet<string> Suspicious = WordFiles.Set("suspicious");
    public static readonly FrozenSet<string> Exemptions = WordFiles.Set("exemptions");
    public static readonly FrozenSet<string> Delicate = WordFiles.Set("delicate");
    public static readonly FrozenSet<string> Copulas = WordFiles.Set("copulas");
    public static readonly FrozenSet<string> Subjects = WordFiles.Set("subjects");
    public static readonly FrozenSet<string> Past = WordFiles.Set("past");
    public static readonly FrozenSet<string> Aux = WordFiles.Set("aux");
    public static readonly FrozenSet<string> Modals = WordFiles.Set("modals");
    public static readonly FrozenSet<string> Violent = WordFiles.Set("violent");
    public static readonly FrozenSet<string> Weak = WordFiles.Set("weak");
    public static readonly FrozenSet<string> Desires = WordFiles.Set("desires");
    public static readonly FrozenSet<string> Openers = WordFiles.Set("openers");
    public static readonly FrozenSet<string> Purposes = WordFiles.Set("purposes");
    public static readonly FrozenSet<string> Occasions = WordFiles.Set("occasions");
    public static readonly FrozenSet<string> Greetings = WordFiles.Set("greetings");
    public static readonly FrozenSet<string> Farewells = WordFiles.Set("farewells");
    public static readonly FrozenSet<string> Headings = WordFiles.Set("headings");
    public static readonly FrozenSet<string> Talk = WordFiles.Set("talk");
    public static readonly FrozenSet<string> Consumers = WordFiles.Set("consumers");
    public static readonly FrozenSet<string> They = FrozenSet.Create(StringComparer.Ordinal, "them", "they", "those", "these", "their");
    public static readonly FrozenSet<string> Groups = WordFiles.Set("groups");
}
