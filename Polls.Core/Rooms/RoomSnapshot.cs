using Polls.Core.RoomPolls;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Core.Rooms;

/// <summary>A room and its polls as they were at one version. Immutable.</summary>
public sealed record RoomSnapshot(
    Guid Id, string Code, string Title, RoomStatus State, Assurance Assurance, long Version, IReadOnlyList<PollSnapshot> Polls)
{
    /// <summary>What is left of the room for those who are in it when it is deleted.</summary>
    public RoomSnapshot Deleted() => this with { State = RoomStatus.Closed, Version = Version + 1, Polls = [] };

    /// <summary>The room's state as one audience may see it.</summary>
    public RoomState StateFor(
        Audience audience, Func<Guid, Tally?> tallyOf, int participants, IReadOnlyList<MyVote> myVotes, DateTimeOffset now) =>
        new(
            Code, Title, State, Version, participants,
            [.. Polls.Select(poll => PollView.For(audience, poll, tallyOf(poll.Id))).OfType<PollView>()], myVotes, now, Assurance);
}

/// <summary>Whether a room lives.</summary>
public enum RoomStatus
{
    /// <summary>People can join and vote.</summary>
    Open,

    /// <summary>It has ended for good; it can still be read.</summary>
    Closed,
}

/// <summary>Everything a client needs to draw a room. Part of the wire contract.</summary>
/// <param name="Code">The join code.</param>
/// <param name="Title">The title.</param>
/// <param name="State">Whether the room lives.</param>
/// <param name="Version">Grows with every change but tallies; an older state is to be ignored.</param>
/// <param name="Participants">How many participants are connected now.</param>
/// <param name="Polls">The polls that this audience may see, in order.</param>
/// <param name="MyVotes">The participant's own votes; withdrawn ones without choices.</param>
/// <param name="ServerTime">For countdowns on clocks that are wrong.</param>
/// <param name="Assurance">What stands behind one person, one vote.</param>
public sealed record RoomState(
    string Code, string Title, RoomStatus State, long Version, int Participants, IReadOnlyList<PollView> Polls,
    IReadOnlyList<MyVote> MyVotes, DateTimeOffset ServerTime, Assurance Assurance);

/// <summary>What PostgreSQL held of a room at one moment: the room, its polls and their tallies.</summary>
public sealed record RoomTruth(RoomSnapshot Room, IReadOnlyDictionary<Guid, Tally> Tallies);
