using Microsoft.Extensions.Logging;

namespace Polls.Core.Rooms;

/// <summary>Log messages about rooms. Event ids 1200 to 1299.</summary>
internal static partial class RoomLog
{
    [LoggerMessage(1201, LogLevel.Information, "Ended {Rooms} abandoned rooms.")]
    public static partial void RoomsEnded(ILogger log, int rooms);

    [LoggerMessage(1202, LogLevel.Information, "Deleted {Rooms} rooms that had ended longer ago than they are kept.")]
    public static partial void RoomsForgotten(ILogger log, int rooms);

    [LoggerMessage(1203, LogLevel.Information, "Deleted room {Room} as {Who} asked for.")]
    public static partial void RoomDeleted(ILogger log, Guid room, string who);
}
