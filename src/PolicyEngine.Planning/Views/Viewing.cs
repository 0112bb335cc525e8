using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// The other ways to read an intent that could not be planned as it stands, from the nearest to the farthest: in other words, with a correction
/// carried out, a ticket as one sentence, without the talk around it, with what a word stands for in its place, without the story that is told. None of them
/// makes anything up: what is left is read as strictly as any intent.
/// </summary>
internal sealed class Viewing
{
    /// <summary>The most views of one intent: each is read anew, and whoever writes two thousand letters of hints is asked what is meant.</summary>
    public const int Most = 16;

    /// <summary>The most clauses that a word of what follows may stand for.</summary>
    private const int MostReferred = 3;

    private readonly Func<string, IReadOnlyList<Token>> _read;
    private readonly Dictionary<string, string> _reworded = new(StringComparer.Ordinal);

    /// <summary>Views cut a text by where its words stand: what reading put in another order ("10 orders a minute") stands here as it was said.</summary>
    private Viewing(Func<string, IReadOnlyList<Token>> read) => _read = text => InOrder(read(text));

    private static IReadOnlyList<Token> InOrder(IReadOnlyList<Token> tokens) => tokens.Zip(tokens.Skip(1)).All(p => p.First.Position <= p.Second.Position) ? tokens : [.. tokens.OrderBy(t => t.Position)];

    /// <summary>Distinct from the intent and from each other.</summary>
    public static IEnumerable<View> Of(string intent, Func<string, IReadOnlyList<Token>> read)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { Plain(intent) };
        var viewing = new Viewing(read);
        var said = new View(intent, []);
        var ends = Afterwards.SetAside(said);
        foreach (var view in (ends is null ? [] : viewing.All(ends)).Concat(viewing.All(said)).SelectMany(viewing.Shorter))
        {
            if (Plain(view.Text).Length == 0 || !seen.Add(Plain(view.Text))) continue;
            yield return view;
            // The intent itself is among them.
            if (seen.Count > Most) yield break;
        }
    }

    /// <summary>What is dangerous by itself may not be in what is meant: without what stays as it is, and with what a word stands for in its place.</summary>
    public static IEnumerable<View> Meant(string intent, Func<string, IReadOnlyList<Token>> read)
    {
        var said = new View(intent, []);
        var viewing = new Viewing(read);
        if (Remainders.SetAside(said, viewing._read(intent)) is { } rest) yield return rest;
        foreach (var view in viewing.Referred(said)) yield return view;
    }

    private IEnumerable<View> All(View said)
    {
        yield return Reworded(said);
        var corrected = Corrections.Of(said, _read(said.Text)) ?? said;
        if (Forms.Of(corrected, _read) is { } form)
        {
            yield return Reworded(form);
            corrected = form;
        }
        yield return Reworded(corrected);
        yield return corrected;
        var bare = Background.SetAside(corrected, _read(corrected.Text));
        yield return Reworded(bare);
        yield return bare;
        // What was talk around talk, or is talk only in other words.
        var barer = Background.SetAside(Reworded(bare), _read(Reworded(bare).Text));
        barer = barer with { Topic = barer.Topic ?? bare.Topic };
        yield return Reworded(barer);
        yield return barer;
        foreach (var referred in Referred(corrected)) yield return referred;
        foreach (var told in corrected.Text == bare.Text ? [bare] : new[] { corrected, bare })
            if (Narration.SetAside(told, _read(told.Text)) is { } order)
            {
                order = order with { Topic = order.Topic ?? told.Topic };
                yield return Reworded(order);
                yield return order;
            }
    }

    /// <summary>With what a word stands for in its place.</summary>
    private IEnumerable<View> Referred(View said)
    {
        foreach (var referred in Referring.Of(said, _read(said.Text)).Take(MostReferred).Append(Whose.Of(said, _read(said.Text))).OfType<View>())
        {
            var plain = Background.SetAside(referred, _read(referred.Text));
            foreach (var view in new[] { Reworded(referred), referred, Reworded(plain), plain }) yield return view;
        }
    }

    /// <summary>The view, and without what it says besides: of what stays, of what was.</summary>
    private IEnumerable<View> Shorter(View view)
    {
        yield return view;
        var rest = Remainders.SetAside(view, _read(view.Text));
        if (rest is not null) yield return rest;
        if (Contrasting.Of(rest ?? view, _read((rest ?? view).Text)) is { } anew) yield return anew;
        if (Retained.SetAside(rest ?? view, _read((rest ?? view).Text)) is { } retained)
        {
            yield return retained;
            yield return Reworded(retained);
        }
    }

    private View Reworded(View view) => view with { Text = _reworded.TryGetValue(view.Text, out var words) ? words : _reworded[view.Text] = Rephrasing.Of(view.Text) };

    private static string Plain(string text) => string.Join(' ', text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).Trim(' ', '.', ',');
}
