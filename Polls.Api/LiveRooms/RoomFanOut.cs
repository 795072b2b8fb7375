using System.Collections.Concurrent;
using Polls.Core.Polls;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Sends to the members of a room. Each message is encoded once; sending to one member never waits for that member.
/// Long fan-outs are cut into slices, so that votes get their turn on the threads in between, and that what is written
/// leaves before more is: its buffers go back to the pool, and are still in the cache. The pool keeps as many as the
/// longest slice fills (<c>Program.cs</c>).
/// </summary>
/// <remarks>
/// Slices are short, because a receipt stands behind one at each of its half a dozen turns. Where a slice had to wait for its own turn, the
/// threads have more votes than they can do at once; then the next is twice as long, or the room would be updated too seldom.
/// </remarks>
internal sealed class RoomFanOut(ConcurrentDictionary<string, Member> members, TimeProvider clock, PollsMetrics metrics)
{
    private const int ShortestSlice = 32;
    private const int LongestSlice = 256;
    private static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(2);

    private int slice = ShortestSlice;

    /// <summary>The newest tally, to everyone who may see it; it replaces an older one that still waits. Returns to how many.</summary>
    public Task<int> SendAsync(PollSnapshot poll, Tally tally)
    {
        var message = RoomEvents.TallyChanged(tally);
        var key = RoomEvents.KeyOf(poll.Id);
        return ToAsync("tally", member => member.Audience.MaySeeTally(poll), member => member.Outbox.SendNewest(key, message));
    }

    /// <summary>The newest participant count, to everyone.</summary>
    public Task SendAsync(int participants)
    {
        var message = RoomEvents.PresenceChanged(participants);
        return ToAsync("presence", _ => true, member => member.Outbox.SendNewest(RoomEvents.PresenceKey, message));
    }

    /// <summary>A change of the room, to each audience what it may see.</summary>
    public async Task SendAsync(
        RoomChange change, RoomBoard board, int participants, ILookup<Guid, MyVote>? votes, DateTimeOffset now)
    {
        foreach (var audience in Enum.GetValues<Audience>())
        {
            if (change.LostBy.Contains(audience))
            {
                await SendStateAsync(audience, board, participants, votes, now);
                continue;
            }

            foreach (var poll in change.Changed)
            {
                if (board.ViewFor(audience, poll) is { } view)
                {
                    var message = RoomEvents.PollChanged(view);
                    var (key, tallyKey) = (RoomEvents.ViewKeyOf(poll.Id), RoomEvents.KeyOf(poll.Id));
                    await ToAsync("poll", member => member.Audience == audience, member =>
                    {
                        // What still waits is older than the view, and its tally may be hidden now.
                        member.Outbox.Forget(tallyKey);
                        member.Outbox.Forget(key);
                        member.Outbox.SendNewest(key, message);
                    });
                }
            }
        }

        if (change.Ended)
        {
            var message = RoomEvents.RoomClosed();
            await ToAsync("closed", _ => true, member => member.Outbox.Send(message));
        }
    }

    private Task<int> SendStateAsync(
        Audience audience, RoomBoard board, int participants, ILookup<Guid, MyVote>? votes, DateTimeOffset now)
    {
        var shared = board.StateFor(audience, participants, [], now);
        var message = RoomEvents.RoomState(shared);
        return ToAsync("state", member => member.Audience == audience, member =>
        {
            // What still waits is older than the state; replaced in its place, something newer would come before it.
            member.Outbox.Forget(RoomEvents.PresenceKey);
            foreach (var poll in board.Room.Polls)
            {
                member.Outbox.Forget(RoomEvents.KeyOf(poll.Id));
                member.Outbox.Forget(RoomEvents.ViewKeyOf(poll.Id));
            }

            MyVote[] mine = member.Caller.ParticipantId is { } id && votes is not null ? [.. votes[id]] : [];
            member.Outbox.Send(mine.Length == 0 ? message : RoomEvents.RoomState(shared with { MyVotes = mine }));
        });
    }

    private async Task<int> ToAsync(string name, Func<Member, bool> may, Action<Member> send)
    {
        var (sent, left) = (0, slice);
        foreach (var (_, member) in members)
        {
            if (may(member))
            {
                send(member);
                sent++;
                if (--left == 0)
                {
                    left = await TakeTurnAsync();
                }
            }
        }

        if (sent > 0)
        {
            metrics.Broadcast(name, sent);
        }

        return sent;
    }

    /// <summary>Lets others have the thread; returns how long the next slice is.</summary>
    private async Task<int> TakeTurnAsync()
    {
        var started = clock.GetTimestamp();
        await Task.Yield();
        return slice = clock.GetElapsedTime(started) > LongWait ? Math.Min(2 * slice, LongestSlice) : Math.Max(slice / 2, ShortestSlice);
    }
}
