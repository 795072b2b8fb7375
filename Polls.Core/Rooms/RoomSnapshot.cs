using System.Text.Json.Serialization;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Core.Rooms;

/// <summary>
/// A room and its polls at one version of one epoch of the store (<see cref="Storage.PollsDb.StoreEpoch"/>). Immutable.
/// </summary>
public sealed record RoomSnapshot(
    Guid Id, string Code, string Title, RoomStatus State, Assurance Assurance, bool Anonymous, string Epoch,
    long Version, IReadOnlyList<PollSnapshot> Polls)
{
    /// <summary>Whether nobody else may join.</summary>
    public bool JoiningLocked { get; init; }

    /// <summary>Increases when votes of participants are discarded or restored.</summary>
    public int Discards { get; init; }

    /// <summary>The state sent to connected clients when the room is deleted.</summary>
    public RoomSnapshot Deleted() => this with { State = RoomStatus.Closed, Version = Version + 1, Polls = [] };

    /// <summary>The room's state as one role may see it.</summary>
    public RoomState StateFor(
        Role role, Func<Guid, Tally?> tallyOf, int participants, IReadOnlyList<MyVote> myVotes, DateTimeOffset now) =>
        new(
            Code, Title, State, Epoch, Version, participants,
            [.. Polls.Select(poll => PollView.For(
                role, poll, tallyOf(poll.Id), myVotes.Any(vote => vote.PollId == poll.Id && !vote.IsNone)))
                .OfType<PollView>()],
            myVotes, now, Assurance, JoiningLocked, Discards);
}

/// <summary>State of a room.</summary>
public enum RoomStatus
{
    /// <summary>People can join and vote.</summary>
    Open,

    /// <summary>Ended; can still be read.</summary>
    Closed,
}

/// <summary>Everything a client needs to draw a room. Part of the wire contract.</summary>
/// <param name="Code">The join code.</param>
/// <param name="Title">The title.</param>
/// <param name="State">State of the room.</param>
/// <param name="Epoch">
/// Changes when the store may have gone back, such as after the restore of a backup. Clients then replace all that they
/// know of the room by this state, whatever the versions.
/// </param>
/// <param name="Version">
/// Grows with every change except tallies. Of one epoch, clients ignore older states.
/// </param>
/// <param name="Participants">How many participants are connected now.</param>
/// <param name="Polls">The polls that this role may see, in order.</param>
/// <param name="MyVotes">The participant's own votes; withdrawn ones without choices.</param>
/// <param name="ServerTime">For countdowns on devices with wrong clocks.</param>
/// <param name="Assurance">How the room makes sure that each person votes once.</param>
/// <param name="JoiningLocked">Whether nobody else may join.</param>
/// <param name="Discards">
/// Grows when a host discards or restores votes of participants; 0 before. When it has grown, a state replaces all
/// that a participant knows of its own votes, as in another epoch.
/// </param>
public sealed record RoomState(
    string Code, string Title, RoomStatus State, string Epoch, long Version, int Participants,
    IReadOnlyList<PollView> Polls, IReadOnlyList<MyVote> MyVotes, DateTimeOffset ServerTime, Assurance Assurance,
    bool JoiningLocked = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Discards = 0);

/// <summary>A room, its polls and their tallies in one database snapshot.</summary>
public sealed record RoomTruth(RoomSnapshot Room, IReadOnlyDictionary<Guid, Tally> Tallies);
