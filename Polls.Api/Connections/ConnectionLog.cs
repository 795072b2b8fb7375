namespace Polls.Api.Connections;

/// <summary>What sending to connections logs; event ids 3100 to 3199.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(3100, LogLevel.Information,
        "Connection {ConnectionId} was aborted: {Limit} messages waited for it; it gets the whole state when it reconnects")]
    public static partial void Overflowed(ILogger logger, string connectionId, int limit);

    [LoggerMessage(3101, LogLevel.Information, "Connection {ConnectionId} was aborted: writing to it failed")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string connectionId);
}
