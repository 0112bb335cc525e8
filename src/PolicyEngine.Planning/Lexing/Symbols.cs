using System.Text;
using System.Text.RegularExpressions;

namespace PolicyEngine.Planning.Lexing;

/// <summary>Pictures and smileys say nothing: "capped at 600 ms please 🙏". Those that say no are left, and asked about.</summary>
internal static partial class Symbols
{
    private const string Arrows = "➡➔➜⇒⟶";
    private const string Refusals = "🚫⛔❌✖❎👎🛑✋🙅⚠";

    /// <summary>The text with blanks in their place, so that nothing moves.</summary>
    public static string Blanked(string text) => Picture().Replace(text.Replace('×', 'x'), m => Says(m.Value) ? m.Value : new string(' ', m.Length));

    private static bool Says(string picture) => picture.EnumerateRunes().Any(r => Refusals.EnumerateRunes().Contains(r) || Arrows.EnumerateRunes().Contains(r));

    // A surrogate pair, a symbol, what varies or joins them, a smiley by itself, "about", the dots behind a path.
    [GeneratedRegex(@"[\uD800-\uDBFF][\uDC00-\uDFFF]|\p{So}|[\uFE0E\uFE0F]|(?<=^|\s)[:;=][-']?[)(DPp|\]](?=\s|[.,!?]|$)|(?<=^|\s)[~≈](?=\s?[0-9.])|(?<=\s/\S*/)\.{2,3}(?=[\s),;]|$)")]
    private static partial Regex Picture();
}
