namespace Polls.Api.Redis;

/// <summary>What the connection to Redis logs, on transitions only; event ids 3000 to 3079.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(3000, LogLevel.Information, "Redis is connected (connection {Connection} since the start)")]
    public static partial void Connected(ILogger logger, long connection);

    [LoggerMessage(3001, LogLevel.Warning,
        "Redis is away: {Reason}. Votes go on; other instances' results arrive later until it is back")]
    public static partial void Disconnected(ILogger logger, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "Redis cannot be reached since the start: {Reason}. Trying on")]
    public static partial void NotThereYet(ILogger logger, string reason);

    [LoggerMessage(3004, LogLevel.Error, "A handler of MessagesMayBeMissing failed")]
    public static partial void ResyncHandlerFailed(ILogger logger, Exception exception);
}
