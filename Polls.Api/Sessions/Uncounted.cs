using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.LiveRooms;

namespace Polls.Api.Sessions;

/// <summary>
/// Counts connections again that another instance was counting: their participants had two tabs or devices, or moved, and
/// the other connection is gone, or its instance is. Without it they would be here, vote, and be counted nowhere. And tells
/// an instance that counts an older connection of somebody who is newer here: both would count for ever.
/// </summary>
public sealed class Uncounted(
    LiveRoomDirectory directory, ISessions sessions, SessionJournal journal, IPresence presence, IBackplane backplane,
    IOptions<InstanceOptions> instance, TimeProvider clock)
{
    // A bound for one look; the next one goes on.
    private const int AtOnce = 500;

    /// <summary>Looks at everybody who is not counted here.</summary>
    public async Task CountAgainAsync(CancellationToken cancellationToken)
    {
        // While the store is away nobody can say who holds a session.
        if (backplane.State != BackplaneState.Connected)
        {
            return;
        }

        foreach (var (connectionId, member) in directory.Participants.Where(item => item.Member.Contested).Take(AtOnce).ToList())
        {
            member.Contested = false;
            journal.Reopened(connectionId, member);
        }

        foreach (var (connectionId, member) in directory.Participants.Where(item => !item.Member.Counts).Take(AtOnce).ToList())
        {
            if (!await IsHeldElsewhereAsync(member, cancellationToken))
            {
                member.Counts = true;
                journal.Reopened(connectionId, member);
            }
        }
    }

    private async Task<bool> IsHeldElsewhereAsync(Member member, CancellationToken cancellationToken)
    {
        var session = await sessions.FindAsync(member.Caller.ParticipantId!.Value, cancellationToken);
        return session is not null && session.InstanceId != instance.Value.Id
            // Who came a moment ago may not be in a report yet.
            && (clock.GetUtcNow() - session.LastSeen < IPresence.Lease
                || await presence.ReportsAsync(member.Caller.RoomId, session.InstanceId, cancellationToken));
    }
}
