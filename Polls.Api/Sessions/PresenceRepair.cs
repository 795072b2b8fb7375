using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.LiveRooms;
using Polls.Api.Presence;

namespace Polls.Api.Sessions;

/// <summary>
/// Repairs which instance counts a participant with several connections (two tabs, two devices, a move). Counts a
/// connection here once the one that another instance counted is gone; otherwise nobody would count the participant.
/// Writes the session again when another instance counts an older connection; otherwise both would count the
/// participant.
/// </summary>
public sealed class PresenceRepair(
    LiveRoomDirectory directory, ISessions sessions, SessionJournal journal, IPresence presence, IBackplane backplane,
    IOptions<InstanceOptions> instance, TimeProvider clock)
{
    // Bounds one run; the next run continues.
    private const int AtOnce = 500;

    /// <summary>Checks the participants that are connected but not counted here.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // While the store is away it is unknown which instance holds a session.
        if (backplane.State != BackplaneState.Connected)
        {
            return;
        }

        foreach (var (connectionId, member) in directory.Participants.Where(item => item.Member.Contested)
            .Take(AtOnce).ToList())
        {
            member.Contested = false;
            journal.Reopened(connectionId, member);
        }

        foreach (var (connectionId, member) in directory.Participants.Where(item => !item.Member.Counts)
            .Take(AtOnce).ToList())
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
            // A participant that connected a moment ago may not be in a report yet.
            && (clock.GetUtcNow() - session.LastSeen < IPresence.Lease
                || await presence.ReportsAsync(member.Caller.RoomId, session.InstanceId, cancellationToken));
    }
}
