using Polls.Core.Telemetry;

namespace Polls.Api.LiveRooms;

/// <summary>Log messages of live rooms. Event ids 2100 to 2199.</summary>
internal static partial class LiveRoomLog
{
    public static void RoomLoopFailed(ILogger log, Exception exception) =>
        RoomLoopFailed(log, LoggedFailure.Shown(exception), LoggedFailure.Reason(exception));

    [LoggerMessage(2100, LogLevel.Warning, "A room could not be updated and is retried until it can: {Reason}")]
    private static partial void RoomLoopFailed(ILogger log, Exception? shown, string reason);
}
