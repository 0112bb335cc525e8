using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace PolicyEngine.Planning.Models.Prompts;

/// <summary>
/// Data as a model reads it: one line; of letters and signs what is plain Latin stays, all else is escaped, so that no text ends its string, and none is
/// invisible to the person who reads what was sent.
/// </summary>
internal static class PromptJson
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Create(new TextEncoderSettings(UnicodeRanges.BasicLatin, UnicodeRanges.Latin1Supplement)) };
}
