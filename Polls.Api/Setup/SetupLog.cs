namespace Polls.Api.Setup;

/// <summary>Log messages of a starting instance. Event ids 2200 to 2299.</summary>
internal static partial class SetupLog
{
    [LoggerMessage(2200, LogLevel.Warning, "Waiting for PostgreSQL: {Reason}")]
    public static partial void WaitingForStorage(ILogger log, string reason);

    [LoggerMessage(2201, LogLevel.Critical, "Not started, because PostgreSQL is not ready: {Reason}")]
    public static partial void StorageNotReady(ILogger log, string reason);

    [LoggerMessage(2202, LogLevel.Information, "PostgreSQL is ready: the schema is up to date and a key exists.")]
    public static partial void StorageReady(ILogger log);

    [LoggerMessage(2203, LogLevel.Critical, "Not started: {Reason}")]
    public static partial void KeyRingUnreadable(ILogger log, string reason);
}
