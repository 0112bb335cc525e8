namespace PolicyEngine.Compiler;

/// <summary>
/// What one compilation leaves for the next: each part with the inputs it was made from. A part whose inputs are the very same objects is
/// taken over, so that only what an edit touches is made anew (and later serialised and hashed anew: parts are compared by reference there
/// too). It never changes a result, only its cost.
/// </summary>
internal sealed class Memo(Memo? previous)
{
    // Only the parts: a chain of edits must not keep every generation alive.
    private readonly Dictionary<Key, (object[] Inputs, object Part)>? _previous = previous?._parts;
    private readonly Dictionary<Key, (object[] Inputs, object Part)> _parts = [];

    public T Get<T>(string stage, string fleet, string table, string name, string detail, object[] inputs, Func<T> make) where T : class
    {
        var key = new Key(stage, fleet, table, name, detail);
        if (_previous is not null && _previous.TryGetValue(key, out var known) && Same(known.Inputs, inputs))
        {
            _parts[key] = known;
            return (T)known.Part;
        }
        var part = make();
        _parts[key] = (inputs, part);
        return part;
    }

    private static bool Same(object[] a, object[] b)
    {
        if (a.Length != b.Length) return false;
        for (var i = 0; i < a.Length; i++)
            if (!ReferenceEquals(a[i], b[i])) return false;
        return true;
    }

    private readonly record struct Key(string Stage, string Fleet, string Table, string Name, string Detail);
}
