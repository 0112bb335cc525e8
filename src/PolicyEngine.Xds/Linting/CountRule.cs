using System.Collections;
using Validate;

namespace PolicyEngine.Xds.Linting;

/// <summary>Rules about how many there are.</summary>
internal static class CountRule
{
    public static void Check(RepeatedRules rules, IList list, Action<string> report)
    {
        if (rules.HasMinItems && (ulong)list.Count < rules.MinItems) report($"has {list.Count} items and needs at least {rules.MinItems}");
        if (rules.HasMaxItems && (ulong)list.Count > rules.MaxItems) report($"has {list.Count} items and may have at most {rules.MaxItems}");
        if (rules.Unique && list.Cast<object>().Distinct().Count() < list.Count) report("has an item twice");
    }

    public static void Check(MapRules rules, IDictionary map, Action<string> report)
    {
        if (rules.HasMinPairs && (ulong)map.Count < rules.MinPairs) report($"has {map.Count} entries and needs at least {rules.MinPairs}");
        if (rules.HasMaxPairs && (ulong)map.Count > rules.MaxPairs) report($"has {map.Count} entries and may have at most {rules.MaxPairs}");
        if (rules.Keys is not { } keys) return;
        foreach (var key in map.Keys) ValueRule.Check(keys, key, p => report($"key '{key}' {p}"));
    }
}
