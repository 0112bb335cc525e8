namespace PolicyEngine.Agent.Keeping;

/// <summary>The agent's folder, held by one agent at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    /// <summary>Throws <see cref="InvalidOperationException"/> where the folder cannot be used.</summary>
    public static DataFolder Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new DataFolder(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"--data {path}: {(e is IOException && File.Exists(System.IO.Path.Combine(path, "lock")) ? "another agent uses it" : e.Message)}", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
