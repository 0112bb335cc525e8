using System.Diagnostics;
using System.Text;

namespace PolicyEngine.Testing;

/// <summary>A program started by a test: its output is kept, and it does not outlive the test.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private const int MostKept = 200_000;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _gate = new();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output
    {
        get { lock (_gate) return _output.ToString(); }
    }

    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (folder is not null) start.WorkingDirectory = folder;
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, e) => child.Keep(e.Data);
        process.ErrorDataReceived += (_, e) => child.Keep(e.Data);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => child.Kill();
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs to the end and gives the exit code and everything that was printed.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, TimeSpan? limit = null)
    {
        await using var child = Start(program, arguments, environment, folder);
        await child.WaitForExit(limit);
        return (child.ExitCode, child.Output);
    }

    public Task WaitForExit(TimeSpan? limit = null) => _process.WaitForExitAsync().WithTimeout(limit);

    /// <summary>At once, as by <c>kill -9</c>.</summary>
    public void Kill()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It never started, or it is gone: what was wanted.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync().WithTimeout();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_gate)
            if (_output.Length < MostKept) _output.AppendLine(line);
    }
}
