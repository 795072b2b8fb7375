using System.Collections.Concurrent;
using Polls.Core.Kinds;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Tests.Storage;

/// <summary>Records what an instance sends to its screens.</summary>
internal sealed class Heard : IRoomListener
{
    private readonly ConcurrentQueue<Guid> rooms = [];
    private readonly ConcurrentQueue<TallyMoved> moves = [];
    private readonly ConcurrentQueue<(Guid Voter, int Revision, Ballot Ballot)> votes = [];

    public void OnTallyMoved(TallyMoved moved) => moves.Enqueue(moved);

    public void OnVoteCast(Guid roomId, string epoch, PendingVote vote, Ballot counts) =>
        votes.Enqueue((vote.ParticipantId, vote.Revision, counts));

    public void OnRoomChanged(Guid roomId) => rooms.Enqueue(roomId);

    public IReadOnlyList<Tally> TalliesOf(Guid poll) =>
        [.. moves.Where(moved => moved.Tally.PollId == poll).Select(moved => moved.Tally)];

    public IReadOnlyList<(int Revision, Ballot Ballot)> VotesOf(Guid voter) =>
        [.. votes.Where(vote => vote.Voter == voter).Select(vote => (vote.Revision, vote.Ballot))];

    public int ChangesOf(Guid room) => rooms.Count(changed => changed == room);
}
