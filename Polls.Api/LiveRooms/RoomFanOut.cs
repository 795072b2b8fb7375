using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Polls.Api.Backplane;
using Polls.Api.Connections;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.LiveRooms;

/// <summary>
/// Sends to the members of a room. Each message is encoded once, and sending to a member never waits for that member. A
/// long fan-out is split into slices. Between slices, votes can use the threads, and written data is sent: its buffers
/// return to the pool while they are still in the cache. The pool keeps as many buffers as the longest slice fills
/// (<c>Program.cs</c>).
/// </summary>
/// <remarks>
/// Slices are short, because a vote queues behind a slice in each of about six steps to its receipt. If a slice had to
/// wait for a thread, there are more votes than the threads can process. Then the next slice is twice as long;
/// otherwise updates would be too rare.
/// </remarks>
internal sealed class RoomFanOut(
    ConcurrentDictionary<string, Member> members, TimeProvider clock, LiveRoomMetrics metrics)
{
    // Of the messages with one key, only the newest waits for a connection.
    private const string PresenceKey = "presence";
    private const int ShortestSlice = 32;
    private const int LongestSlice = 256;
    private static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(2);

    private int slice = ShortestSlice;

    /// <summary>Encodes the state of a room.</summary>
    public static SerializedHubMessage StateMessage(RoomState state) => Event(nameof(IRoomClient.RoomState), state);

    /// <summary>
    /// Sends the newest tallies to every member that may see them. They replace older waiting tallies. Returns the
    /// number of receivers of each tally.
    /// </summary>
    public async Task<int[]> SendAsync(IReadOnlyList<(PollSnapshot Poll, Tally Tally)> tallies)
    {
        var messages = tallies
            .Select(item => (Key: TallyKey(item.Poll.Id), Message: Event(nameof(IRoomClient.TallyChanged), item.Tally)))
            .ToArray();
        var visible = Enum.GetValues<Role>().ToDictionary(
            role => role, role => new NewestMessages([.. messages.Where((_, i) => role.MaySeeTally(tallies[i].Poll))]));
        var people = visible.Keys.ToDictionary(role => role, _ => 0);
        await ToAsync(member =>
        {
            var all = visible[member.Role];
            member.Outbox.SendNewest(all);
            people[member.Role]++;
            return all.Count > 0;
        });
        int[] sent = [.. tallies.Select(item =>
            people.Where(group => group.Key.MaySeeTally(item.Poll)).Sum(group => group.Value))];
        foreach (var connections in sent.Where(connections => connections > 0))
        {
            metrics.Sent(Broadcast.Tally, connections);
        }

        return sent;
    }

    /// <summary>Sends the newest participant count to every member.</summary>
    public Task SendAsync(int participants)
    {
        var message = Event(nameof(IRoomClient.PresenceChanged), new Presence(participants));
        return ToAsync(Broadcast.Presence, Everyone, member => member.Outbox.SendNewest(PresenceKey, message));
    }

    /// <summary>
    /// Sends each voter's new votes to the voter's connections, except to the one that a vote came from.
    /// </summary>
    public void Send(ILookup<Guid, (OwnVote Vote, MyVote Mine)> votes)
    {
        if (votes.Count == 0)
        {
            return;
        }

        foreach (var (connectionId, member) in members)
        {
            if (member.Caller.ParticipantId is not { } id)
            {
                continue;
            }

            foreach (var (_, mine) in votes[id].Where(item => item.Vote.ConnectionId != connectionId))
            {
                MyVote[] news = [mine];
                // Not replaced by later ones: those of two instances arrive in any order.
                member.Outbox.Send(Event(nameof(IRoomClient.MyVotes), [news]));
                metrics.Sent(Broadcast.MyVotes, 1);
            }
        }
    }

    /// <summary>Sends each role the part of a change that it may see.</summary>
    public async Task SendAsync(
        RoomChange change, RoomBoard board, int participants, ILookup<Guid, MyVote>? votes, DateTimeOffset now)
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            if (change.LostBy.Contains(role))
            {
                await SendStateAsync(role, board, participants, votes, now);
                continue;
            }

            foreach (var poll in change.Changed)
            {
                if (board.ViewFor(role, poll) is { } view)
                {
                    var message = Event(nameof(IRoomClient.PollChanged), view);
                    var (key, tallyKey) = (PollKey(poll.Id), TallyKey(poll.Id));
                    await ToAsync(Broadcast.Poll, member => member.Role == role, member =>
                    {
                        // A waiting tally is older than the view and may be hidden now.
                        member.Outbox.Forget(tallyKey);
                        member.Outbox.Forget(key);
                        member.Outbox.SendNewest(key, message);
                    });
                }
            }
        }

        if (change.Ended)
        {
            var message = Event(nameof(IRoomClient.RoomClosed));
            await ToAsync(Broadcast.Closed, Everyone, member => member.Outbox.Send(message));
        }
    }

    private Task SendStateAsync(
        Role role, RoomBoard board, int participants, ILookup<Guid, MyVote>? votes, DateTimeOffset now)
    {
        var shared = board.StateFor(role, participants, [], now);
        var message = StateMessage(shared);
        string[] older =
            [PresenceKey, .. board.Room.Polls.SelectMany(poll => new[] { TallyKey(poll.Id), PollKey(poll.Id) })];
        return ToAsync(Broadcast.State, member => member.Role == role, member =>
        {
            // Waiting messages are older than the state. Replacing them in place would put newer state before it.
            foreach (var key in older)
            {
                member.Outbox.Forget(key);
            }

            MyVote[] mine = member.Caller.ParticipantId is { } id && votes is not null ? [.. votes[id]] : [];
            member.Outbox.Send(mine.Length == 0 ? message : StateMessage(shared with { MyVotes = mine }));
        });
    }

    private static string TallyKey(Guid pollId) => $"tally:{pollId:N}";

    private static string PollKey(Guid pollId) => $"poll:{pollId:N}";

    private static SerializedHubMessage Event(string name, params object?[] arguments) =>
        new(new InvocationMessage(name, arguments));

    private static bool Everyone(Member member) => true;

    private async Task ToAsync(Broadcast kind, Func<Member, bool> may, Action<Member> send)
    {
        var sent = 0;
        await ToAsync(member =>
        {
            if (!may(member))
            {
                return false;
            }

            send(member);
            sent++;
            return true;
        });
        if (sent > 0)
        {
            metrics.Sent(kind, sent);
        }
    }

    /// <summary>Calls <paramref name="send"/> for each member; it returns whether it sent a message.</summary>
    private async Task ToAsync(Func<Member, bool> send)
    {
        var left = slice;
        foreach (var (_, member) in members)
        {
            if (send(member) && --left == 0)
            {
                left = await TakeTurnAsync();
            }
        }
    }

    /// <summary>Yields the thread and returns the length of the next slice.</summary>
    private async Task<int> TakeTurnAsync()
    {
        var started = clock.GetTimestamp();
        await Task.Yield();
        return slice = clock.GetElapsedTime(started) > LongWait
            ? Math.Min(2 * slice, LongestSlice)
            : Math.Max(slice / 2, ShortestSlice);
    }
}
