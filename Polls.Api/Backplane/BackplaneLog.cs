namespace Polls.Api.Backplane;

/// <summary>Log messages of the backplane. Event ids 3080 to 3099.</summary>
internal static partial class BackplaneLog
{
    [LoggerMessage(3080, LogLevel.Warning,
        "A room cannot receive messages from other instances: {Reason}. Retrying; "
            + "meanwhile it compares with PostgreSQL")]
    public static partial void JoinFailed(ILogger log, string reason);

    [LoggerMessage(3081, LogLevel.Error, "A message from another instance failed and was skipped")]
    public static partial void MessageHandlerFailed(ILogger log, Exception exception);
}
