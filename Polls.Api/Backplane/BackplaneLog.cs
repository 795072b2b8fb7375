namespace Polls.Api.Backplane;

/// <summary>What listening to other instances logs; event ids 3080 to 3099.</summary>
internal static partial class BackplaneLog
{
    [LoggerMessage(3080, LogLevel.Warning,
        "A room cannot hear other instances yet: {Reason}. Trying on; until then it compares with PostgreSQL")]
    public static partial void JoinFailed(ILogger logger, string reason);

    [LoggerMessage(3081, LogLevel.Error, "A message from another instance could not be taken in and was skipped")]
    public static partial void HearingFailed(ILogger logger, Exception exception);
}
