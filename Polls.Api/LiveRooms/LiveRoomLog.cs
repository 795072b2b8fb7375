namespace Polls.Api.LiveRooms;

/// <summary>What live rooms log. Event ids 2100 to 2199.</summary>
internal static partial class LiveRoomLog
{
    [LoggerMessage(2100, LogLevel.Warning, "A room could not be brought up to date; trying again until it is.")]
    public static partial void RoomLoopFailed(ILogger log, Exception exception);

    [LoggerMessage(2101, LogLevel.Warning, "The loop {Loop} failed; it goes on.")]
    public static partial void LoopFailed(ILogger log, Exception exception, string loop);
}
