namespace Polls.Core.RoomPolls;

/// <summary>Who looks at a room.</summary>
public enum Audience
{
    /// <summary>Someone who votes.</summary>
    Participant,

    /// <summary>The projector.</summary>
    Screen,

    /// <summary>Who runs the room.</summary>
    Host,
}

/// <summary>Hidden means hidden (G6): the only place that decides who sees what.</summary>
public static class AudienceRights
{
    /// <summary>Drafts are the host's own.</summary>
    public static bool MaySee(this Audience audience, PollSnapshot poll) =>
        audience == Audience.Host || poll.State != PollState.Draft;

    /// <summary>Participants see a tally only while it is visible; host and screens always do.</summary>
    public static bool MaySeeTally(this Audience audience, PollSnapshot poll) => audience switch
    {
        Audience.Host => true,
        Audience.Screen => poll.State != PollState.Draft,
        _ => poll.ResultsVisible,
    };
}
