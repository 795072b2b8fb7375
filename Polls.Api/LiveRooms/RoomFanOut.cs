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
internal sealed class RoomFanOut(RoomMembers members, TimeProvider clock, LiveRoomMetrics metrics)
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
        var messages = tallies.Select(item => new TallyMessage(item.Tally)).ToArray();
        // Members of one role who have answered the same of these polls get the same messages.
        var groups = new Dictionary<(Role, string), (NewestMessages Visible, bool[] Sees)>();
        var depends = tallies.Any(item => item.Poll.DependsOnAnswer);
        var sent = new int[tallies.Count];
        await ToAsync(member =>
        {
            var answered = depends && member.Role == Role.Participant
                ? string.Concat(tallies.Select(item => member.HasAnswered(item.Poll.Id) ? '1' : '0')) : "";
            if (!groups.TryGetValue((member.Role, answered), out var group))
            {
                bool[] sees = [.. tallies.Select((item, i) =>
                    member.Role.MaySeeTally(tallies[i].Poll, member.HasAnswered(item.Poll.Id)))];
                var visible = messages.Where((_, i) => sees[i]).Select(message => message.For(member.Role));
                group = groups[(member.Role, answered)] = (new NewestMessages([.. visible]), sees);
            }

            member.Outbox.SendNewest(group.Visible);
            for (var i = 0; i < sent.Length; i++)
            {
                sent[i] += group.Sees[i] ? 1 : 0;
            }

            return group.Visible.Count > 0;
        });
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
    /// Sends each voter's new votes to the voter's connections, except to the one that a vote came from. Where the vote
    /// determines whether the voter may see the tally, each of them gets the poll.
    /// </summary>
    public void Send(ILookup<Guid, (OwnVote Vote, MyVote Mine)> votes, RoomBoard board)
    {
        foreach (var (voter, news) in votes.SelectMany(own => members.Of(own.Key), (own, voter) => (voter, own)))
        {
            var (connectionId, member) = voter;
            foreach (var (vote, mine) in news)
            {
                var isNew = member.Note(mine);
                if (vote.ConnectionId != connectionId)
                {
                    MyVote[] one = [mine];
                    // Not replaced by later ones: those of two instances arrive in any order.
                    member.Outbox.Send(Event(nameof(IRoomClient.MyVotes), [one]));
                    metrics.Sent(Broadcast.MyVotes, 1);
                }

                if (isNew && board.FindPoll(mine.PollId) is { DependsOnAnswer: true } poll)
                {
                    SendPoll(member, poll, Event(
                        nameof(IRoomClient.PollChanged),
                        board.ViewFor(member.Role, poll, member.HasAnswered(poll.Id))));
                    metrics.Sent(Broadcast.Poll, 1);
                }
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
                if (board.ViewFor(role, poll, hasAnswered: false) is { } view)
                {
                    var message = Event(nameof(IRoomClient.PollChanged), view);
                    var answered = role == Role.Participant && poll.DependsOnAnswer
                        ? Event(nameof(IRoomClient.PollChanged), board.ViewFor(role, poll, hasAnswered: true))
                        : message;
                    await ToAsync(Broadcast.Poll, member => member.Role == role, member =>
                        SendPoll(member, poll, member.HasAnswered(poll.Id) ? answered : message));
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
        var depends = board.Room.Polls.Any(poll => poll.DependsOnAnswer);
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
            member.Replace(mine);
            member.Outbox.Send(
                mine.Length == 0 ? message
                : depends ? StateMessage(board.StateFor(role, participants, mine, now))
                : StateMessage(shared with { MyVotes = mine }));
        });
    }

    private static void SendPoll(Member member, PollSnapshot poll, SerializedHubMessage message)
    {
        // A waiting tally is older than the view and may be hidden now.
        member.Outbox.Forget(TallyKey(poll.Id));
        member.Outbox.Forget(PollKey(poll.Id));
        member.Outbox.SendNewest(PollKey(poll.Id), message);
    }

    /// <summary>A tally, encoded once for all roles, or once for each role that gets another part of it.</summary>
    private sealed class TallyMessage(Tally tally)
    {
        private readonly Dictionary<Role, (string, SerializedHubMessage)> messages = [];

        public (string Key, SerializedHubMessage Message) For(Role role)
        {
            var audience = tally.Head is null ? Role.Participant : role;
            if (!messages.TryGetValue(audience, out var message))
            {
                message = messages[audience] = (TallyKey(tally.PollId), Event(
                    nameof(IRoomClient.TallyChanged), audience.PartOf(tally)));
            }

            return message;
        }
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
