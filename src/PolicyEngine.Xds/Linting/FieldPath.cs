using System.Globalization;
using System.Text;

namespace PolicyEngine.Xds.Linting;

/// <summary>Where a walk over a message is (<c>virtual_hosts[0].routes[2].name</c>): kept as a stack, and written only where something is wrong.</summary>
internal sealed class FieldPath
{
    private readonly Stack<(string? Field, object? Index)> _steps = new();

    public int Depth => _steps.Count;

    public void Into(string field) => _steps.Push((field, null));

    public void At(object index) => _steps.Push((null, index));

    public void Out() => _steps.Pop();

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (field, index) in _steps.Reverse())
        {
            if (field is null) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            else text.Append(text.Length == 0 ? "" : ".").Append(field);
        }
        return text.ToString();
    }
}
