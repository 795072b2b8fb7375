using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Backplane;

/// <summary>
/// The hub over which instances tell each other of rooms. Nobody connects to it from outside: its clients are the live rooms of all instances
/// (<see cref="RoomEar"/>), each in the group of its room. With Redis, SignalR's backplane carries its messages; without it, they stay
/// in process. Order holds within one publisher and room; a message is lost while Redis is away.
/// </summary>
public sealed class RoomBackplane : Hub<IRoomBackplaneClient>
{
    /// <summary>The group that the live rooms of this room are in, on every instance.</summary>
    public static string GroupOf(Guid roomId) => roomId.ToString("N");
}

/// <summary>What a live room hears from the other instances.</summary>
public interface IRoomBackplaneClient
{
    /// <summary>Something in the room moved.</summary>
    Task RoomMoved(RoomMessage message);
}
