using Microsoft.Extensions.Logging;
using PolicyEngine.Xds;

namespace PolicyEngine.Agent;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "Applied", Level = LogLevel.Information, Message = "{Snapshot} is kept and served: {Resources} resources")]
    public static partial void Applied(ILogger logger, Snapshot snapshot, int resources);

    [LoggerMessage(EventId = 2, EventName = "NotKept", Level = LogLevel.Error, Message = "{Snapshot} is served, but could not be kept on disk: {Reason}")]
    public static partial void NotKept(ILogger logger, Snapshot snapshot, string reason);

    [LoggerMessage(EventId = 3, EventName = "NotRestored", Level = LogLevel.Error, Message = "The snapshot on disk is ignored: {Reason}")]
    public static partial void NotRestored(ILogger logger, string reason);

    [LoggerMessage(EventId = 4, EventName = "Refused", Level = LogLevel.Error, Message = "A version was refused (collection '{Collection}'): {Reason}")]
    public static partial void Refused(ILogger logger, string collection, string reason);

    [LoggerMessage(EventId = 5, EventName = "Connected", Level = LogLevel.Information, Message = "{Server} sends")]
    public static partial void Connected(ILogger logger, Uri server);

    [LoggerMessage(EventId = 6, EventName = "Disconnected", Level = LogLevel.Warning, Message = "No stream from {Server}: {Reason}. Again in {Seconds} s; the last version is served meanwhile")]
    public static partial void Disconnected(ILogger logger, Uri server, string reason, double seconds);

    [LoggerMessage(EventId = 7, EventName = "NothingYet", Level = LogLevel.Warning, Message = "{Server} has sent nothing yet: no fleet wants node '{Node}' of cluster '{Cluster}', or there is no snapshot of it, or it is not there")]
    public static partial void NothingYet(ILogger logger, Uri server, string node, string cluster);
}
