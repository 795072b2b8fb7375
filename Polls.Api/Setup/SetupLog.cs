namespace Polls.Api.Setup;

/// <summary>What a starting instance logs. Event ids 2200 to 2299.</summary>
internal static partial class SetupLog
{
    [LoggerMessage(2200, LogLevel.Warning, "Waiting for PostgreSQL: {Reason}")]
    public static partial void WaitingForStorage(ILogger log, string reason);
}
