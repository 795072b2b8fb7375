using Polls.Core;
using Polls.Core.Rooms;

namespace Polls.Api.Limits;

/// <summary>
/// Finds a room by its code for callers without a token, and prevents guessing: six digits are few. After too many
/// unknown codes an address gets answers only for codes that it has found before, so that other people behind the same
/// address can go on.
/// </summary>
public sealed class RoomCodeGuard(RoomReader rooms, RateLimits limits, RecentRoomCodes known)
{
    /// <summary>
    /// Returns the room, <c>room.notFound</c>, or <c>rateLimited</c> when the address tried too many codes.
    /// </summary>
    public async Task<Outcome<RoomInfo>> FindAsync(string code, HttpContext http, CancellationToken cancellationToken)
    {
        var address = http.Connection.RemoteIpAddress;
        var key = LimitKey.Of(RateClass.WrongCode, address);
        if (known.Knows(key, code))
        {
            return await rooms.FindAsync(code, cancellationToken) is { } again ? again : Refusals.RoomNotFound;
        }

        if (await limits.CheckAsync(RateClass.WrongCode, address, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (await rooms.FindAsync(code, cancellationToken) is not { } room)
        {
            return Refusals.RoomNotFound;
        }

        await limits.GiveBackAsync(RateClass.WrongCode, address, cancellationToken);
        known.Add(key, code);
        return room;
    }
}
