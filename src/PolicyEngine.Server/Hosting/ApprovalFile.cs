using PolicyEngine.Ir;
using PolicyEngine.Policies;
using PolicyEngine.Policies.Approvals;

namespace PolicyEngine.Server.Hosting;

/// <summary>
/// The approval document, read again whenever its file changed. A file that is wrong is an error at the start, and later leaves in force what was
/// read last: who must approve is never decided by a typing error.
/// </summary>
public sealed partial class ApprovalFile
{
    private readonly string? _path;
    private readonly ILogger<ApprovalFile> _logger;
    private readonly Lock _gate = new();
    private (DateTime Stamp, ApprovalSpec Spec) _read;

    public ApprovalFile(string? path, ILogger<ApprovalFile> logger)
    {
        (_path, _logger) = (path, logger);
        if (path is null) return;
        var (spec, diagnostics) = Read(path);
        _read = (File.GetLastWriteTimeUtc(path), spec ?? throw new InvalidOperationException($"the approval document cannot be used: {diagnostics[0]}"));
    }

    public ApprovalSpec Current()
    {
        if (_path is null) return ApprovalSpec.Default;
        lock (_gate)
        {
            var stamp = File.GetLastWriteTimeUtc(_path);
            if (stamp == _read.Stamp) return _read.Spec;
            var (spec, diagnostics) = Read(_path);
            if (spec is null) Unusable(_logger, _path, diagnostics[0].ToString());
            _read = (stamp, spec ?? _read.Spec);
            return _read.Spec;
        }
    }

    private static (ApprovalSpec? Spec, IReadOnlyList<Diagnostic> Diagnostics) Read(string path)
    {
        var read = DocumentFolder.Read(path, [Kinds.Approval]);
        if (read.Diagnostics.HasErrors()) return (null, read.Diagnostics);
        return read.Documents is [{ Spec: ApprovalSpec spec }]
            ? (spec, [])
            : (null, [Diagnostic.Of(DiagnosticCatalogue.InvalidValue, $"'{path}' must hold exactly one Approval document")]);
    }

    [LoggerMessage(EventId = 20, EventName = "ApprovalUnusable", Level = LogLevel.Error, Message = "{Path} is not used, what was read before stays in force: {Problem}")]
    private static partial void Unusable(ILogger logger, string path, string problem);
}
