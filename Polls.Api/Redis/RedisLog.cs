namespace Polls.Api.Redis;

/// <summary>Log messages of the connection to Redis, only when its state changes. Event ids 3000 to 3079.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(3000, LogLevel.Information,
        "Redis is connected (connection {Connection} since the start of this instance)")]
    public static partial void Connected(ILogger log, long connection);

    [LoggerMessage(3001, LogLevel.Warning,
        "Redis is unavailable: {Reason}. Votes continue; "
            + "results from other instances arrive later until Redis is available again")]
    public static partial void Disconnected(ILogger log, string reason);

    [LoggerMessage(3002, LogLevel.Warning,
        "Redis has been unreachable since the start of this instance: {Reason}. Retrying")]
    public static partial void NotThereYet(ILogger log, string reason);

    [LoggerMessage(3004, LogLevel.Error, "A handler of MessagesMayBeMissing failed")]
    public static partial void ResyncHandlerFailed(ILogger log, Exception exception);
}
