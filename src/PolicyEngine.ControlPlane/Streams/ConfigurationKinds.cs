namespace PolicyEngine.ControlPlane.Streams;

/// <summary>
/// Kinds of documents that an istiod asks a configuration source for ("MCP over xDS"), as <c>networking.istio.io/v1/VirtualService</c>. There are
/// none here, and that is an answer: an istiod is not ready before each kind was answered, be it with nothing. It is owed once, whatever nonce the
/// request bears (an istiod writes the time there), and nothing waits for its acknowledgement.
/// </summary>
internal sealed class ConfigurationKinds
{
    private const int Most = 256;
    private const int MostText = 256;

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Queue<string> _owed = new();

    /// <summary>Takes note of a type that is a kind; of others, nothing.</summary>
    public void Ask(string typeUrl)
    {
        if (IsKind(typeUrl) && _asked.Count < Most && _asked.Add(typeUrl)) _owed.Enqueue(typeUrl);
    }

    /// <summary>The kind whose answer is owed next; null where none is.</summary>
    public string? Next() => _owed.TryDequeue(out var kind) ? kind : null;

    /// <summary>Group, version and kind. The types of messages have a host and a name.</summary>
    private static bool IsKind(string typeUrl) => typeUrl.Length <= MostText && typeUrl.Split('/') is [{ Length: > 0 }, { Length: > 0 }, { Length: > 0 }];
}
