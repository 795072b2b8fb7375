namespace Polls.Api.LiveRooms;

/// <summary>What live rooms log. Event ids 2100 to 2199.</summary>
internal static partial class LiveRoomLog
{
    [LoggerMessage(2100, LogLevel.Warning, "A room could not be brought up to date; trying again until it is.")]
    public static partial void RoomLoopFailed(ILogger log, Exception exception);
}
