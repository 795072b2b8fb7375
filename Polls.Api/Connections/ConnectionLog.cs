namespace Polls.Api.Connections;

/// <summary>Log messages about sending to connections. Event ids 3100 to 3199.</summary>
internal static partial class ConnectionLog
{
    [LoggerMessage(3100, LogLevel.Information,
        "Connection {ConnectionId} was aborted: {Limit} messages were waiting. "
            + "It receives the full state when it reconnects")]
    public static partial void Overflowed(ILogger log, string connectionId, int limit);

    [LoggerMessage(3101, LogLevel.Information, "Connection {ConnectionId} was aborted: writing to it failed: {Reason}")]
    public static partial void WriteFailed(ILogger log, string connectionId, string reason);
}
