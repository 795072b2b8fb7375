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
/// Sends to the members of a room. Each message is encoded once, and sending to a member never waits for that member.
/// Tallies go to a few members at a time (<see cref="RoomNews"/>). A change of the room goes to everyone at once, in
/// slices. Between slices, votes can use the threads, and written data is sent: its buffers return to the pool while
/// they are still in the cache. The pool keeps as many buffers as the longest slice fills (<c>Program.cs</c>).
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

    private static readonly (string, SerializedHubMessage)[] Nothing = [];

    // The newest tallies on their way to the members, by poll.
    private readonly Dictionary<Guid, TallyMessage> encoded = [];
    private (long Number, (string, SerializedHubMessage) Message) newestPresence;
    private int slice = ShortestSlice;

    /// <summary>Encodes the state of a room.</summary>
    public static SerializedHubMessage StateMessage(RoomState state) => Event(nameof(IRoomClient.RoomState), state);

    /// <summary>
    /// Tells members what they do not know: the newest tallies that they may see, and the number of participants. Newer
    /// ones replace those that still wait for a connection. Returns the number of receivers of each tally.
    /// </summary>
    /// <param name="turn">The members, each with the number of the newest news that it knows.</param>
    /// <param name="most">How many of them to send something to. Those that may see nothing new do not count.</param>
    /// <param name="tallies">Tallies that some do not know, with their numbers.</param>
    /// <param name="presence">The number of participants, with its number among the news.</param>
    public int[] Send(
        IEnumerable<(Member Member, long Knew)> turn, int most,
        IReadOnlyList<(PollSnapshot Poll, Tally Tally, long Number)> tallies, (int Participants, long Number) presence)
    {
        // Encoded for an earlier turn, and still the newest.
        var messages = tallies.Select(item => encoded.GetValueOrDefault(item.Poll.Id) is { } known
            && known.Tally == item.Tally ? known : encoded[item.Poll.Id] = new TallyMessage(item.Tally)).ToArray();
        // Members of one role who know the same and have answered the same of these polls get the same messages.
        var groups = new Dictionary<(Role, string, long), (NewestMessages Visible, bool[] Sees)>();
        var depends = tallies.Any(item => item.Poll.DependsOnAnswer);
        var sent = new int[tallies.Count];
        var counted = 0;
        foreach (var (member, knew) in turn)
        {
            var answered = depends && member.Role == Role.Participant
                ? string.Concat(tallies.Select(item => member.HasAnswered(item.Poll.Id) ? '1' : '0')) : "";
            if (!groups.TryGetValue((member.Role, answered, knew), out var group))
            {
                bool[] sees = [.. tallies.Select((item, i) => item.Number > knew
                    && member.Role.MaySeeTally(tallies[i].Poll, member.HasAnswered(item.Poll.Id)))];
                var visible = messages.Where((_, i) => sees[i]).Select(message => message.For(member.Role));
                var counts = presence.Number > knew ? [PresenceOf(presence)] : Nothing;
                group = groups[(member.Role, answered, knew)] = (new NewestMessages([.. visible, .. counts]), sees);
            }

            member.Outbox.SendNewest(group.Visible);
            for (var i = 0; i < sent.Length; i++)
            {
                sent[i] += group.Sees[i] ? 1 : 0;
            }

            counted += presence.Number > knew ? 1 : 0;
            if (group.Visible.Count > 0 && --most == 0)
            {
                break;
            }
        }

        metrics.Passed(sent.Sum() + counted);
        return sent;
    }

    /// <summary>Forgets encoded messages that nobody waits for.</summary>
    public void Rest() => encoded.Clear();

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
                // Else it is a repeat, or a newer one of another instance was faster.
                if (member.Note(mine))
                {
                    if (vote.ConnectionId != connectionId)
                    {
                        SendVotes(member, [mine]);
                    }

                    ShowIfAnswered(member, mine.PollId, board);
                }
            }
        }
    }

    /// <summary>
    /// Sends each voter's votes to the voter's connections of which it is not certain that they know them.
    /// </summary>
    public void SendMissing(ILookup<Guid, MyVote> votes, RoomBoard board)
    {
        foreach (var own in votes)
        {
            foreach (var (_, member) in members.Of(own.Key))
            {
                MyVote[] missing = [.. own.Where(member.Note)];
                if (missing.Length > 0)
                {
                    SendVotes(member, missing);
                    Array.ForEach(missing, mine => ShowIfAnswered(member, mine.PollId, board));
                }
            }
        }
    }

    private void SendVotes(Member member, MyVote[] mine)
    {
        // Not replaced by later ones: those of two instances arrive in any order.
        member.Outbox.Send(Event(nameof(IRoomClient.MyVotes), [mine]));
        metrics.Sent(Broadcast.MyVotes, 1);
    }

    private void ShowIfAnswered(Member member, Guid pollId, RoomBoard board)
    {
        if (board.FindPoll(pollId) is { DependsOnAnswer: true } poll)
        {
            SendPoll(member, poll, Event(
                nameof(IRoomClient.PollChanged),
                board.ViewFor(member.Role, poll, member.HasAnswered(poll.Id))));
            metrics.Sent(Broadcast.Poll, 1);
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

        public Tally Tally => tally;

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

    private (string, SerializedHubMessage) PresenceOf((int Participants, long Number) presence)
    {
        if (newestPresence.Number != presence.Number)
        {
            newestPresence = (presence.Number, (
                PresenceKey, Event(nameof(IRoomClient.PresenceChanged), new Presence(presence.Participants))));
        }

        return newestPresence.Message;
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
