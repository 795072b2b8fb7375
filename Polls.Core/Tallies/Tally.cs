namespace Polls.Core.Tallies;

/// <summary>The exact result of a poll at one version. Whole state, never a delta: the highest version wins.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Version">Grows with every change of the stored tally and never goes back.</param>
/// <param name="Counts">Marks per option, in the order of the options.</param>
/// <param name="Voters">How many participants have a vote in this poll.</param>
public sealed record Tally(Guid PollId, long Version, IReadOnlyList<int> Counts, int Voters);

/// <summary>A tally as a commit left it, with what is needed to judge who may see it.</summary>
/// <param name="RoomId">The poll's room.</param>
/// <param name="PollVersion">
/// The poll's own version in that same transaction: a receiver that knows only an older one must learn the
/// poll's present visibility before it shows the tally to participants.
/// </param>
/// <param name="Tally">The tally.</param>
/// <param name="Since">When the votes that it tells of happened, for measuring how late it is shown; null when nobody knows.</param>
/// <param name="Trace">The span that it comes from, as a W3C <c>traceparent</c>; null unless one of its votes is sampled.</param>
public sealed record TallyMoved(Guid RoomId, long PollVersion, Tally Tally, Moments? Since = null, string? Trace = null)
{
    /// <summary>The same, when it is shown instead of an older one that nobody was shown.</summary>
    public TallyMoved InsteadOf(TallyMoved older)
    {
        var since = older.Since is { } before ? Since is { } own ? Moments.Earliest(own, before) : before : Since;
        var trace = Trace ?? older.Trace;
        return since == Since && trace == Trace ? this : this with { Since = since, Trace = trace };
    }
}

/// <summary>When the oldest of some votes came to its instance, and when it was committed, by that instance's clock.</summary>
public readonly record struct Moments(DateTimeOffset Cast, DateTimeOffset Committed)
{
    /// <summary>The oldest of both.</summary>
    public static Moments Earliest(Moments one, Moments other) => new(
        one.Cast < other.Cast ? one.Cast : other.Cast,
        one.Committed < other.Committed ? one.Committed : other.Committed);
}
