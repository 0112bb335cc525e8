using System.Diagnostics.CodeAnalysis;

namespace PolicyEngine.Telemetry.Samples;

/// <summary>
/// At most so many entries. One that was asked for only once goes before one that was asked for again, and within these the one that was idle
/// longest: a million names that come once push out nothing that goes on reporting.
/// </summary>
internal sealed class BoundedTable<TKey, TValue>(int capacity, Func<TKey, TValue> make) where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _once = new();
    private readonly LinkedList<Entry> _again = new();

    public int Count => _entries.Count;

    public long Evicted { get; private set; }

    public IEnumerable<KeyValuePair<TKey, TValue>> Entries => _entries.Select(e => KeyValuePair.Create(e.Key, e.Value.Value.Value));

    public TValue Get(TKey key)
    {
        if (_entries.TryGetValue(key, out var node))
        {
            node.List!.Remove(node);
            _again.AddLast(node);
            return node.Value.Value;
        }
        if (_entries.Count >= capacity) Evict();
        var entry = _once.AddLast(new Entry(key, make(key)));
        _entries.Add(key, entry);
        return entry.Value.Value;
    }

    public bool TryPeek(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = _entries.TryGetValue(key, out var node) ? node.Value.Value : default;
        return node is not null;
    }

    public void Remove(TKey key)
    {
        if (!_entries.Remove(key, out var node)) return;
        node.List!.Remove(node);
    }

    private void Evict()
    {
        Remove((_once.First ?? _again.First!).Value.Key);
        Evicted++;
    }

    private sealed record Entry(TKey Key, TValue Value);
}
