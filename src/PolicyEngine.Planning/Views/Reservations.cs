using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>"we used to limit it", "suppose we sent 5% to v2", "it was decided against", "…, if v1 copes": what is said so is not asked for now, however well it is understood.</summary>
internal static partial class Reservations
{
    private static readonly Regex Reserved = new($@"(?<![\w-])(?:{string.Join('|', WordFiles.Set("reservations").Select(Regex.Escape))})(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The plan; a question where what it would do is said with a reservation.</summary>
    public static Plan Asked(string intent, Plan plan)
    {
        if (plan.Status != PlanStatus.Planned || Found(intent) is not { } reservation) return plan;
        return plan with { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Edits = [], Questions = [new Question("reserved", $"You say “{reservation}”. Is this to be done now: {plan.Summary.TrimEnd('.')}? If so, say only what is to be done.", [])] };
    }

    private static string? Found(string intent) => Reserved.Match(intent) is { Success: true } word ? word.Value : Condition().Match(intent) is { Success: true } condition ? condition.Value.Trim(' ', ',') : NotYet().Match(intent) is { Success: true } yet ? yet.Value : Once().Match(intent) is { Success: true } once ? once.Value.Trim(' ', ',', '.', ';') : null;

    /// <summary>A condition on how things go, behind an order.</summary>
    [GeneratedRegex(@",? (?:if|provided|as long as|unless|as soon as|once) (?:v[0-9]\w*|we|you|they|he|she|i|people|somebody|everyone|nothing|all|[A-Z][a-z]+|the (?!client|caller|request|ip\b|address)\w+|that) (?:is|are|has|have|looks?|cop(?:es?|ing)|agrees?|holds?|keeps?|signs?|thinks?|says?|finish(?:es)?|drops?|passes|works?|wasn't|isn't|goes)\b")]
    private static partial Regex Condition();

    /// <summary>"Once the auditors have signed, …": not before.</summary>
    [GeneratedRegex(@"(?:^|[.;!?,]\s)\s*(?:and |but |so )?once (?!again\b|more\b|an? |per |every |each )[^,.;!?]{3,60} (?:is|are|has|have|\w+s|\w+ed)\b[^,.;!?]{0,40},", RegexOptions.IgnoreCase)]
    private static partial Regex Once();

    [GeneratedRegex(@"\b(?:don't|do not|not|never)\b[^.;!?]{0,60}\byet\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotYet();
}
