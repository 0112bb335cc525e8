using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace PolicyEngine.Console.Parts;

/// <summary>
/// Text of others as text. Markup is escaped by the renderer; what would be unseen or turn the line around (control, format and direction
/// characters) is shown as what it is.
/// </summary>
public sealed class Words : ComponentBase
{
    [Parameter]
    public string? Text { get; set; }

    public static string Plain(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t') shown.Append((char)rune.Value);
            else if (rune.Value < 0x20) shown.Append((char)(0x2400 + rune.Value));
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
                shown.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩");
            else shown.Append(rune.ToString());
        }
        return shown.ToString();
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, Plain(Text));
}
