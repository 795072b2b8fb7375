using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Api.LiveRooms;

/// <summary>The differences between two snapshots of a room, for each role.</summary>
/// <param name="Changed">Polls that are new or changed.</param>
/// <param name="LostBy">Roles that lost sight of a poll, or own votes in it or in general, all but participants if
/// joining was locked or unlocked, and all roles if the room was reopened or everything was replaced: they need the
/// whole state.</param>
/// <param name="Ended">The room ended.</param>
internal sealed record RoomChange(IReadOnlyList<PollSnapshot> Changed, IReadOnlySet<Role> LostBy, bool Ended)
{
    public static RoomChange Between(RoomSnapshot before, RoomSnapshot after, bool replaces = false)
    {
        var old = before.Polls.ToDictionary(poll => poll.Id);
        var now = after.Polls.ToDictionary(poll => poll.Id);
        var changed = after.Polls
            .Where(poll => replaces || !old.TryGetValue(poll.Id, out var was) || was.Version < poll.Version)
            .ToList();
        var lostBy = Enum.GetValues<Role>()
            // Clients may have discarded the state of a room that ended.
            .Where(role => replaces
                || (role == Role.Participant
                    ? before.Discards != after.Discards
                    // Whoever has joined does not need to know.
                    : before.JoiningLocked != after.JoiningLocked)
                || (before.State == RoomStatus.Closed && after.State == RoomStatus.Open) || before.Polls.Any(poll =>
                    role.MaySee(poll) && !(now.TryGetValue(poll.Id, out var still) && role.MaySee(still)
                        // A reset that was not seen as a draft: only participants have votes to lose.
                        && (role != Role.Participant || still.Edition == poll.Edition))))
            .ToHashSet();
        return new RoomChange(changed, lostBy, before.State == RoomStatus.Open && after.State == RoomStatus.Closed);
    }
}
