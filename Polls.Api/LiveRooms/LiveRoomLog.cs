namespace Polls.Api.LiveRooms;

/// <summary>Log messages of live rooms. Event ids 2100 to 2199.</summary>
internal static partial class LiveRoomLog
{
    [LoggerMessage(2100, LogLevel.Warning, "A room could not be updated. Retrying until it succeeds.")]
    public static partial void RoomLoopFailed(ILogger log, Exception exception);
}
