using System.Collections.Concurrent;

namespace PolicyEngine.Compiler;

/// <summary>
/// What one compilation leaves for the next: each part with the inputs it was made from. A part whose inputs are the very same objects is
/// taken over, so that only what an edit touches is made anew (and later serialised and hashed anew: parts are compared by reference there
/// too). It never changes a result, only its cost: that is why a chain of compilations, concurrent ones too, may share one table.
/// </summary>
internal sealed class Memo
{
    private const int Slack = 256;

    /// <summary>Of a part, so many forms are kept: what is served, and what was tried beside it.</summary>
    private const int MostVariants = 4;

    private readonly Table _table;
    private readonly int _generation;
    private int _used;

    public Memo(Memo? previous)
    {
        _table = previous?._table ?? new Table();
        _generation = Interlocked.Increment(ref _table.Generations);
    }

    public T Get<T>(string stage, string fleet, string table, string name, string detail, object[] inputs, Func<T> make) where T : class
    {
        _used++;
        var key = new Key(stage, fleet, table, name, detail);
        _table.Entries.TryGetValue(key, out var newest);
        for (var entry = newest; entry is not null; entry = entry.Older)
            if (Same(entry.Inputs, inputs))
            {
                newest!.LastUsed = _generation;
                return (T)entry.Part;
            }
        var part = make();
        _table.Entries[key] = new Entry(inputs, part, newest?.Newest(MostVariants - 1)) { LastUsed = _generation };
        return part;
    }

    /// <summary>Lets go of what this compilation had no use for, once that is as much as what it used.</summary>
    public void Trim()
    {
        if (_table.Entries.Count <= 2 * _used + Slack) return;
        foreach (var (key, entry) in _table.Entries)
            if (entry.LastUsed != _generation) _table.Entries.TryRemove(new(key, entry));
    }

    private static bool Same(object[] a, object[] b)
    {
        if (a.Length != b.Length) return false;
        for (var i = 0; i < a.Length; i++)
            if (!ReferenceEquals(a[i], b[i])) return false;
        return true;
    }

    private sealed class Table
    {
        public int Generations;

        public ConcurrentDictionary<Key, Entry> Entries { get; } = new();
    }

    private sealed class Entry(object[] inputs, object part, Entry? older)
    {
        public object[] Inputs { get; } = inputs;

        public object Part { get; } = part;

        public Entry? Older { get; } = older;

        public int LastUsed { get; set; }

        public Entry? Newest(int count) => count == 0 ? null : Older is null ? this : new Entry(Inputs, Part, Older.Newest(count - 1));
    }

    private readonly record struct Key(string Stage, string Fleet, string Table, string Name, string Detail);
}
