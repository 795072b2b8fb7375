using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;

namespace Polls.Tests.Web;

/// <summary>Rooms with a higher level of assurance than the default.</summary>
internal static class SeatRooms
{
    public static Task<CreatedRoom> CreateRoomAsync(this TestApi api, string assurance, string title, params PollDraft[] polls) =>
        api.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title, assurance, polls });

    /// <summary>A room with this many seat codes, as printed on the slips.</summary>
    public static async Task<(CreatedRoom Room, IReadOnlyList<string> Seats)> SeatRoomAsync(this TestApi api, int seats, params PollDraft[] polls)
    {
        var room = await api.CreateRoomAsync("seatCode", "The assembly", polls);
        var made = await api.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = seats });
        return (room, [.. made.Seats.Select(seat => seat.Code)]);
    }
}
