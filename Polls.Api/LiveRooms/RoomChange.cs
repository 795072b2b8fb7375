using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.LiveRooms;

/// <summary>What differs between two snapshots of a room, from each audience's point of view.</summary>
/// <param name="Changed">Polls that are new or changed.</param>
/// <param name="LostBy">Audiences from whose view a poll disappeared, and all when the room was opened again: they need the whole state.</param>
/// <param name="Ended">The room ended.</param>
internal sealed record RoomChange(IReadOnlyList<PollSnapshot> Changed, IReadOnlySet<Audience> LostBy, bool Ended)
{
    public static RoomChange Between(RoomSnapshot before, RoomSnapshot after)
    {
        var old = before.Polls.ToDictionary(poll => poll.Id);
        var now = after.Polls.ToDictionary(poll => poll.Id);
        var changed = after.Polls.Where(poll => !old.TryGetValue(poll.Id, out var was) || was.Version < poll.Version).ToList();
        var lostBy = Enum.GetValues<Audience>()
            // What clients know of a room that has ended, they may have put away.
            .Where(audience => (before.State == RoomStatus.Closed && after.State == RoomStatus.Open) || before.Polls.Any(poll =>
                audience.MaySee(poll) && !(now.TryGetValue(poll.Id, out var still) && audience.MaySee(still))))
            .ToHashSet();
        return new RoomChange(changed, lostBy, before.State == RoomStatus.Open && after.State == RoomStatus.Closed);
    }
}
