using MudBlazor;

namespace PolicyEngine.Console.Theme;

/// <summary>
/// Both palettes, each under its own selector, so that a page comes with light and dark and the browser chooses before the first paint. Text of
/// every colour has a contrast of at least 4.5 to 1 on surface and background. The fonts are the system's: nothing is fetched.
/// </summary>
internal static class ConsoleTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "DejaVu Sans", "sans-serif"];

    public static readonly MudTheme Light = Of(":root", new PaletteLight
    {
        Primary = "#1f4fbf", Secondary = "#5a4a78", Info = "#0b5c8f", Success = "#1a6b35", Warning = "#8a4b00", Error = "#b3261e",
        Background = "#f4f5f8", Surface = "#ffffff", TextPrimary = "#1b1f29", TextSecondary = "#4b5263", ActionDefault = "#4b5263", LinesDefault = "#d5d9e2", LinesInputs = "#7b8294", TableLines = "#d5d9e2", Divider = "#d5d9e2",
    }, null);

    public static readonly MudTheme Dark = Of(":root[data-theme='dark']", null, new PaletteDark
    {
        Primary = "#9db8ff", PrimaryContrastText = "#10162b", Secondary = "#cbb8f0", Info = "#84c9f5", Success = "#7fd69a", Warning = "#f2b866", Error = "#ff9d94", ErrorContrastText = "#2b0a07", SuccessContrastText = "#06210f",
        Background = "#12151c", Surface = "#1b202b", TextPrimary = "#e8eaf0", TextSecondary = "#b3bacb", TextDisabled = "#8b93a6", ActionDefault = "#b3bacb", ActionDisabled = "#8b93a6", LinesDefault = "#333a4a", LinesInputs = "#7d869b", TableLines = "#333a4a", Divider = "#333a4a",
    });

    private static MudTheme Of(string scope, PaletteLight? light, PaletteDark? dark) => new()
    {
        PseudoCss = new PseudoCss { Scope = scope },
        PaletteLight = light ?? new PaletteLight(),
        PaletteDark = dark ?? new PaletteDark(),
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts }, Button = new ButtonTypography { TextTransform = "none", FontWeight = "600" } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };
}
