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
        if (plan.Status != PlanStatus.Planned || Found(intent, plan.Edits.All(e => e.Upserted?.Metadata.ExpiresAt is not null)) is not { } reservation) return plan;
        return plan with { Status = PlanStatus.NeedsClarification, Summary = "Nothing was planned yet.", Edits = [], Questions = [new Question("reserved", $"You say “{reservation}”. Is this to be done now: {plan.Summary.TrimEnd('.')}? If so, say only what is to be done.", [])] };
    }

    private static string? Found(string intent, bool ends) =>
        new[] { Reserved.Match(intent), Condition().Match(intent), Opening().Match(intent), Once().Match(intent), NotYet().Match(intent), Hearsay().Match(intent), Errand().Match(intent), About().Match(intent), ends ? Match.Empty : Later().Match(intent) }.FirstOrDefault(m => m.Success)?.Value.Trim(' ', ',', '.', ';');

    /// <summary>A condition on how things go, behind an order.</summary>
    [GeneratedRegex(@",? (?:if|provided|as long as|unless|as soon as|once) (?:v[0-9]\w*|we|you|they|he|she|i|people|somebody|everyone|nothing|all|[A-Z][a-z]+|the (?!client|caller|request|ip\b|address)\w+|that) (?:is|are|has|have|looks?|cop(?:es?|ing)|agrees?|holds?|keeps?|signs?|thinks?|says?|finish(?:es)?|drops?|passes|works?|wasn't|isn't|goes)\b")]
    private static partial Regex Condition();

    /// <summary>The same before an order: "once the auditors have left, …".</summary>
    [GeneratedRegex(@"(?:^|[.;!?:,] )(?:[Oo]nce|[Aa]s soon as|[Aa]ssuming|[Pp]rovided|[Ss]hould) (?:the|all|our|every\w*|we|they|he|she|it|you|v[0-9]\w*|that|this|[A-Z][a-z]+) [^,;.!?]{2,60},")]
    private static partial Regex Opening();

    /// <summary>What somebody else said.</summary>
    [GeneratedRegex(@"(?:^|[.;!?] )(?:[A-Z][a-z]+|our \w+|the \w+|somebody|someone|they|he|she|it was) (?:suggested|proposed|recommended|advised|mentioned|asked about|wondered|was wondering|thinks|reckons|guesses|believes|fears|dreams)\b")]
    private static partial Regex Hearsay();

    /// <summary>Something else to be done that nobody here does.</summary>
    [GeneratedRegex(@"(?:\band|\bplus|\bthen|,) (?:please )?(?:also )?(?:(?:page|mail|e-?mail|notify|ping|alert|tell|inform|text|call|message|write|remind) (?:me|us|him|her|them|[A-Z][a-z]+|the \w+|every\w+)|(?:open|file|create|write) an? (?:\w+ )?(?:ticket|issue|dashboard|report|graph|incident))\b")]
    private static partial Regex Errand();

    /// <summary>A value that is none: "around 2s".</summary>
    [GeneratedRegex(@"\b(?:to|at|after|by|than|gets|(?:give|allow|limit|set) (?:it|\w+)) (?:around|roughly|approximately|approx\.?|maybe|perhaps|somewhere near|something like|in the region of) (?:\d|a |an |one |two |three |half )", RegexOptions.IgnoreCase)]
    private static partial Regex About();

    /// <summary>A time that an order is for, but no end of it.</summary>
    [GeneratedRegex(@"(?<!\b(?:until|till|since|before|by|up to|from|the|last|of|for) )\b(?:tonight|this (?:evening|afternoon|weekend)|tomorrow|later today)\b(?!'s)", RegexOptions.IgnoreCase)]
    private static partial Regex Later();

    /// <summary>"Once the auditors have signed, …": not before.</summary>
    [GeneratedRegex(@"(?:^|[.;!?,]\s)\s*(?:and |but |so )?once (?!again\b|more\b|an? |per |every |each )[^,.;!?]{3,60} (?:is|are|has|have|\w+s|\w+ed)\b[^,.;!?]{0,40},", RegexOptions.IgnoreCase)]
    private static partial Regex Once();

    [GeneratedRegex(@"\b(?:don't|do not|not|never)\b[^.;!?]{0,60}\byet\b", RegexOptions.IgnoreCase)]
    private static partial Regex NotYet();
}
