using System.Collections.Frozen;
using PolicyEngine.Ir;

namespace PolicyEngine.Planning.Models.Judging;

/// <summary>
/// Words that turn a sentence round, bind it to a condition, or bound it. Where one of them was not understood, no two readings that agree are enough: both may
/// have passed it over.
/// </summary>
internal static class SharpWords
{
    private static readonly FrozenSet<string> Words = ("not no never none nor neither nobody nothing without don't dont doesn't won't can't cannot isn't shouldn't mustn't except excepting excluding exclude excludes exempt exempting "
        + "but unless if when whenever while once until till whether should provided providing assuming depending otherwise else instead rather besides apart aside other others another than different any either both "
        + "avoid avoids avoiding prevent prevents preventing spare spares sparing skip skips skipping ignore ignores ignoring omit omits bypass protect hide withhold exclude leave leaving keep off away out outside beyond against under over "
        + "below above before after during within since between only just merely at-least at-most most least more less fewer half minus plus about around roughly approximately nearly almost maybe perhaps possibly some several few many much "
        + "every each all always sometimes daily weekly nightly hourly monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays weekday weekdays weekend weekends morning evening night tonight tomorrow today yesterday later soon "
        + "first last next previous former latter opposite reverse reversed vice versa swap inverse invert stop start end undo again gradually slowly step steps ramp wrong false true").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A sharp word, one a letter away from one, or anything that has a digit in it.</summary>
    public static bool Has(string word)
    {
        word = word.ToLowerInvariant();
        return Words.Contains(word) || word.Any(char.IsDigit) || word.Contains("n't", StringComparison.Ordinal) || word.Contains("n’t", StringComparison.Ordinal) || word.Length >= 4 && Words.Any(w => w.Length >= 4 && Nearest.Distance(w, word) <= 1);
    }
}
