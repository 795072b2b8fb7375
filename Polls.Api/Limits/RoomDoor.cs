using Polls.Core;
using Polls.Core.Rooms;

namespace Polls.Api.Limits;

/// <summary>
/// Finds the room that a code means, for people without a token. Six digits are few: an address that asks for codes which
/// no room has is soon answered for codes only that it has found before, so that nobody finds rooms by trying, and the
/// hall around one who tries goes on.
/// </summary>
public sealed class RoomDoor(RoomReader rooms, RateLimits limits, KnownCodes known)
{
    /// <summary>The room; refused with <c>room.notFound</c>, or with <c>rateLimited</c> when this address tried too many codes.</summary>
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
