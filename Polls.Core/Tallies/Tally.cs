using System.Text.Json.Serialization;
using Polls.Core.Storage;

namespace Polls.Core.Tallies;

/// <summary>The exact result of a poll at one version. Always the whole state; the highest version wins.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Version">Grows with every change of the stored tally.</param>
/// <param name="Counts">A count per cell.</param>
/// <param name="Voters">How many participants have a vote in this poll.</param>
public sealed record Tally(Guid PollId, long Version, IReadOnlyList<int> Counts, int Voters)
{
    /// <summary>How many answers a host has discarded. They are in none of the other numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Discarded { get; init; }

    /// <summary>Of kinds with entries: the part of them that the audience gets.</summary>
    public TallyEntries? Entries { get; init; }

    /// <summary>Of numeric polls.</summary>
    public NumberSummary? Numbers { get; init; }

    /// <summary>Of kinds with entries: what the parts for each audience are taken from.</summary>
    [JsonIgnore]
    public EntryHead? Head { get; init; }

    /// <summary>The stored tally, without entries.</summary>
    public static Tally Of(TallyRow row) => new(row.PollId, row.Version, row.Counts, row.Voters)
    {
        Discarded = row.Discarded,
    };
}

/// <summary>A committed tally, with the data that decides who may see it.</summary>
/// <param name="RoomId">The poll's room.</param>
/// <param name="PollVersion">
/// The poll's version in the same transaction. A receiver with an older version must read the poll's visibility before
/// it shows the tally to participants.
/// </param>
/// <param name="Tally">The tally.</param>
/// <param name="Epoch">The epoch of the store. Tallies of different epochs cannot be compared.</param>
/// <param name="Since">When its votes arrived and were committed, for measuring the lag of screens; null if
/// unknown.</param>
/// <param name="Trace">The span that published it, as a W3C <c>traceparent</c>; null unless one of its votes is
/// sampled.</param>
public sealed record TallyMoved(
    Guid RoomId, long PollVersion, Tally Tally, string Epoch, Moments? Since = null, string? Trace = null)
{
    /// <summary>
    /// This tally with the earliest times of both, when it replaces an older one that was never shown.
    /// </summary>
    public TallyMoved InsteadOf(TallyMoved older)
    {
        var since = older.Since is { } before ? Since is { } own ? Moments.Earliest(own, before) : before : Since;
        var trace = Trace ?? older.Trace;
        return since == Since && trace == Trace ? this : this with { Since = since, Trace = trace };
    }
}

/// <summary>When the oldest of some votes arrived and was committed, on that instance's clock.</summary>
public readonly record struct Moments(DateTimeOffset Cast, DateTimeOffset Committed)
{
    /// <summary>The earlier times of both.</summary>
    public static Moments Earliest(Moments one, Moments other) => new(
        one.Cast < other.Cast ? one.Cast : other.Cast,
        one.Committed < other.Committed ? one.Committed : other.Committed);
}
