using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.RoomPolls;

/// <summary>Role of a viewer of a room.</summary>
public enum Role
{
    /// <summary>A participant.</summary>
    Participant,

    /// <summary>The big screen.</summary>
    Screen,

    /// <summary>The host.</summary>
    Host,
}

/// <summary>Decides who may see what (G6). No other code does.</summary>
public static class RoleRights
{
    /// <summary>Only hosts see drafts.</summary>
    public static bool MaySee(this Role role, PollSnapshot poll) =>
        role == Role.Host || poll.State != PollState.Draft;

    /// <summary>Participants see a tally only while it is visible; host and screens always do.</summary>
    /// <param name="role">The role.</param>
    /// <param name="poll">The poll.</param>
    /// <param name="hasAnswered">Whether an answer of this participant is stored.</param>
    public static bool MaySeeTally(this Role role, PollSnapshot poll, bool hasAnswered) => role switch
    {
        Role.Host => true,
        Role.Screen => poll.State != PollState.Draft,
        _ => poll.ResultsVisible(hasAnswered),
    };

    /// <summary>The part of a tally that the role gets, where it may see the tally.</summary>
    public static Tally PartOf(this Role role, Tally tally) => tally.Head is not { } head
        ? tally
        : tally with
        {
            Head = null,
            Entries = role switch
            {
                Role.Host => head.ForHosts,
                Role.Screen => head.ForScreens,
                _ => head.ForParticipants,
            },
        };
}
