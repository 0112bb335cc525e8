using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PolicyEngine.Planning.Lexing;
using PolicyEngine.Planning.Views;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Documents;

namespace PolicyEngine.Planning;

/// <summary>
/// What earlier turns mean for this one: an answer carries its question's intent on; "undo that"; "same for orders" and "actually v3" say an
/// earlier sentence again with other values; "it" and what is not named are what was spoken of last.
/// </summary>
internal static partial class Conversation
{
    public static Plan Plan(PlanRequest request, Func<PlanRequest, Action<Draft>, Plan> read)
    {
        if (request.Earlier.IsEmpty) return read(request, _ => { });
        if (request.Earlier[^1].Plan.Status == PlanStatus.NeedsClarification)
        {
            // An answer; or, where it makes no sense as one, an intent of its own.
            var answered = read(request with { Intent = Answering.Continued(request) }, Context(request));
            if (answered.Status == PlanStatus.Planned) return answered;
            var alone = read(request, Context(request));
            return alone.Status == PlanStatus.Planned ? alone : Plain(request, said => read(said with { Intent = Answering.Continued(said) }, Context(said))) ?? answered;
        }
        if (Both(request) is { } both) request = request with { Intent = both };
        if (Amended(request, read) is { } amended) return amended;
        var plan = Kept(request, read(request, Context(request)));
        // "It went badly. Put it back.": with talk around it as well, that is what was there before.
        return plan.Status == PlanStatus.Planned && !plan.Summary.Contains(EmbeddedPlanner.Aside, StringComparison.Ordinal) ? plan : Plain(request, said => Amended(said, read)) ?? plan;
    }

    /// <summary>"oops, they belong on v2", behind an order for some requests only: of all requests that was not said.</summary>
    private static Plan Kept(PlanRequest request, Plan plan)
    {
        if (plan.Status != PlanStatus.Planned || request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned) is not { } last || last.Plan.Edits.Select(e => e.Upserted).ToList() is not [{ Spec: TargetedSpec { Target: { Matches: [_, ..], Service: { } service } } } before]) return plan;
        if (!plan.Edits.Any(e => e.Id != before.Id && e.Id.StartsWith($"{before.Kind}/", StringComparison.Ordinal) && e.Upserted?.Spec is TargetedSpec { Target: { Matches.IsEmpty: true } target } && target.Service == service)
            || Lexer.For(request.Catalog).First(request.Intent, request.Now, _ => false).Any(t => t.Kind == TokenKind.Service || t.Concept == Concept.Fully)) return plan;
        return plan with { Status = PlanStatus.NeedsClarification, Edits = [], Summary = "Nothing was planned yet.", Questions = [new Question("scope", $"I would plan: {plan.Summary.TrimEnd('.')}. Before, it was for some requests to {service} only. Is this for all requests to it, or for those?", [])] };
    }

    /// <summary>"retry both once": the two services that the two turns before were about.</summary>
    private static string? Both(PlanRequest request)
    {
        if (request.Earlier.Where(t => t.Plan.Status == PlanStatus.Planned).TakeLast(2).ToList() is not [var first, var second] || Lexer.For(request.Catalog).First(request.Intent, request.Now, _ => false).Any(t => t.Kind is TokenKind.Service or TokenKind.Version)) return null;
        var names = new[] { first, second }.Select(turn => turn.Plan.Edits.Select(e => (e.Upserted ?? turn.Before.Documents.GetValueOrDefault(e.Id))?.Spec).OfType<TargetedSpec>().Select(s => s.Target.Service).Distinct().ToList()).ToList();
        return names is [[{ } one], [{ } other]] && one != other && BothOfThem().Match(request.Intent) is { Success: true } word ? $"{request.Intent[..word.Index]}{one} and {other}{request.Intent[(word.Index + word.Length)..]}" : null;
    }

    [GeneratedRegex(@"\bboth(?: of (?:them|these|those)| services)?\b", RegexOptions.IgnoreCase)]
    private static partial Regex BothOfThem();

    /// <summary>What only makes sense with what was said before: "undo that", "same for orders", "only GETs".</summary>
    private static Plan? Amended(PlanRequest request, Func<PlanRequest, Action<Draft>, Plan> read)
    {
        var tokens = Lexer.For(request.Catalog).Read(request.Intent, request.Now, _ => false)[0];
        return Undoing.Of(tokens, request) ?? Replay.Of(tokens, request, read);
    }

    /// <summary>The turn without the talk around it: the first such view that gives a plan.</summary>
    private static Plan? Plain(PlanRequest request, Func<PlanRequest, Plan?> planned) => Viewing.Of(request.Intent, text => Lexer.For(request.Catalog).First(text, request.Now, _ => false))
        .Select(view => planned(request with { Intent = view.Text }) is { Status: PlanStatus.Planned } plan ? plan with { Summary = plan.Summary + EmbeddedPlanner.Told(view) } : null).FirstOrDefault(p => p is not null);

    /// <summary>Sets what "it" is.</summary>
    private static Action<Draft> Context(PlanRequest request)
    {
        var last = request.Earlier.LastOrDefault(t => t.Plan.Status == PlanStatus.Planned);
        var documents = last?.Plan.Edits.Select(e => e.Upserted).OfType<Document>().ToList() ?? [];
        var gone = last?.Plan.Edits.Select(e => last.Before.Documents.GetValueOrDefault(e.Id)).OfType<Document>() ?? [];
        return draft =>
        {
            draft.Last = documents.Count == 1 ? documents[0] : null;
            var targets = documents.Concat(documents.Count == 0 ? gone : []).Select(d => d.Spec).OfType<TargetedSpec>().Select(s => s.Target with { Matches = [] }).DistinctBy(t => t.ToString()).ToList();
            draft.Target = targets.Count == 1 ? targets[0] : null;
        };
    }
}

/// <summary>Answers to questions: the intent that was in doubt, with the answer in it.</summary>
internal static class Answering
{
    public static string Continued(PlanRequest request)
    {
        var text = request.Intent;
        foreach (var turn in request.Earlier.Reverse().TakeWhile(t => t.Plan.Status == PlanStatus.NeedsClarification))
        {
            var question = turn.Plan.Questions[0];
            if (question.Id == Question.Meant)
            {
                if (Agrees(text) || text.Contains(question.Choices[0], StringComparison.OrdinalIgnoreCase))
                {
                    text = question.Choices[0];
                    continue;
                }
                // "No, 20": the next question is what it answers.
                if (turn.Plan.Questions.Length == 1) continue;
                question = turn.Plan.Questions[1];
            }
            var words = question.Id[(question.Id.IndexOf(':') + 1)..];
            text = question.Id.StartsWith("name:", StringComparison.Ordinal) ? turn.Intent.Replace(words, Name(text, question), StringComparison.Ordinal)
                : question.Id.StartsWith("words:", StringComparison.Ordinal) && IsAmount(text) && words.Split(' ').All(w => Lexicon.Of(w.ToLowerInvariant()) == Concept.Vague) && turn.Intent.Contains(words, StringComparison.Ordinal) ? turn.Intent.Replace(words, text, StringComparison.Ordinal)
                : question.Id.StartsWith("words:", StringComparison.Ordinal) ? Reworded(turn.Intent, words, text)
                : turn.Intent.Trim().Length == 0 ? text
                : $"{turn.Intent.TrimEnd('.', '!', '?', ' ')} {(question.Id is "service" or "host" && !text.Contains(' ') ? "on " : "")}{text}";
        }
        return text;
    }

    /// <summary>"a quarter", "10%": takes the place of "some".</summary>
    private static bool IsAmount(string answer) => answer.Length <= 20 && answer.Split(' ') is { Length: <= 3 } words && (char.IsAsciiDigit(answer[0]) && answer.TrimEnd('.', '!').EndsWith('%') || words.Any(w => NumberWords.TryPart(w.TrimEnd('.', '!').ToLowerInvariant(), out _)));

    private static string Name(string answer, Question question)
    {
        var chosen = question.Choices.FirstOrDefault(c => answer.Contains(c, StringComparison.OrdinalIgnoreCase));
        return chosen ?? (Agrees(answer) && question.Choices.Length == 1 ? question.Choices[0] : answer.Trim());
    }

    private static bool Agrees(string answer) => answer.Trim().ToLowerInvariant().TrimEnd('.', '!') is "yes" or "y" or "yes please" or "yes, please" or "ok" or "okay" or "yep" or "yeah" or "correct" or "right" or "sure" or "exactly" or "that's it" or "that is it";

    /// <summary>"leave it out" leaves the words out; anything else is said anew.</summary>
    private static string Reworded(string intent, string words, string answer) =>
        answer.Trim().ToLowerInvariant() is "leave it out" or "skip it" or "leave that out" or "ignore it" or "drop it" or "without it"
            ? words.Split(' ').Aggregate(intent, (text, w) => text.Replace(w, "", StringComparison.Ordinal)) : answer;
}
