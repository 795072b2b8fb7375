using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Backplane;

/// <summary>
/// The hub through which instances exchange messages about rooms. External clients cannot connect to it: its clients
/// are the live rooms of all instances (<see cref="RoomGroupConnection"/>), each in the group of its room. With Redis,
/// SignalR's backplane carries its messages; without Redis, they stay in process. Messages of one publisher about one
/// room keep their order. Messages sent while Redis is unavailable are lost.
/// </summary>
public sealed class RoomBackplane : Hub<IRoomBackplaneClient>
{
    /// <summary>The group of the room's live rooms on all instances.</summary>
    public static string GroupOf(Guid roomId) => roomId.ToString("N");
}

/// <summary>The messages that a live room receives from other instances.</summary>
public interface IRoomBackplaneClient
{
    /// <summary>The room changed.</summary>
    Task RoomMoved(RoomMessage message);
}
