using PolicyEngine.Planning.Lexing;

namespace PolicyEngine.Planning.Views;

/// <summary>
/// The other ways to read an intent that could not be planned as it stands, from the nearest to the farthest: in other words, with a correction
/// carried out, without the talk around it. None of them makes anything up: what is left is read as strictly as any intent.
/// </summary>
internal static class Viewing
{
    /// <summary>Distinct from the intent and from each other.</summary>
    public static IEnumerable<View> Of(string intent, Func<string, IReadOnlyList<Token>> read)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { Plain(intent) };
        foreach (var view in All(new View(intent, []), read).SelectMany(v => Shorter(v, read)))
            if (Plain(view.Text).Length > 0 && seen.Add(Plain(view.Text))) yield return view;
    }

    private static IEnumerable<View> All(View said, Func<string, IReadOnlyList<Token>> read)
    {
        yield return Reworded(said);
        var corrected = Corrections.Of(said, read(said.Text)) ?? said;
        if (Forms.Of(corrected, read) is { } form)
        {
            yield return Reworded(form);
            corrected = form;
        }
        yield return Reworded(corrected);
        yield return corrected;
        var bare = Background.SetAside(corrected, read(corrected.Text));
        yield return Reworded(bare);
        yield return bare;
        // What was talk around talk, or is talk only in other words.
        var barer = Background.SetAside(Reworded(bare), read(Reworded(bare).Text));
        barer = barer with { Topic = barer.Topic ?? bare.Topic };
        yield return Reworded(barer);
        yield return barer;
        foreach (var referred in Referred(corrected, read)) yield return referred;
        foreach (var told in new[] { corrected, bare })
            if (Narration.SetAside(told, read(told.Text)) is { } order)
            {
                order = order with { Topic = order.Topic ?? told.Topic };
                yield return Reworded(order);
                yield return order;
            }
    }

    /// <summary>What is dangerous by itself may not be in what is meant: with what a word stands for in its place, and without what stays as it is.</summary>
    public static IEnumerable<View> Meant(string intent, Func<string, IReadOnlyList<Token>> read) => new[] { Remainders.SetAside(new View(intent, []), read(intent)) }.OfType<View>().Concat(Referred(new View(intent, []), read));

    private static IEnumerable<View> Referred(View said, Func<string, IReadOnlyList<Token>> read)
    {
        foreach (var referred in Views.Referring.Of(said, read(said.Text)).Append(Whose.Of(said, read(said.Text))).OfType<View>())
        {
            var plain = Background.SetAside(referred, read(referred.Text));
            foreach (var view in new[] { Reworded(referred), referred, Reworded(plain), plain }) yield return view;
        }
    }

    /// <summary>The view, and without what it says besides: of what stays, of what was.</summary>
    private static IEnumerable<View> Shorter(View view, Func<string, IReadOnlyList<Token>> read)
    {
        yield return view;
        var rest = Remainders.SetAside(view, read(view.Text));
        if (rest is not null) yield return rest;
        if (Contrasting.Of(rest ?? view, read((rest ?? view).Text)) is { } anew) yield return anew;
    }

    private static View Reworded(View view) => view with { Text = Rephrasing.Of(view.Text) };

    private static string Plain(string text) => string.Join(' ', text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)).Trim(' ', '.', ',');
}
