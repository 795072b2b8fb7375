using System.Globalization;
using Npgsql;
using Polls.Core.Storage;

namespace Polls.Core.Tallies;

/// <summary>Reads all entries of a poll page by page.</summary>
public sealed class EntryPages(NpgsqlDataSource database)
{
    /// <summary>Maximum number of entries on a page.</summary>
    public const int MostOnPage = 100;

    /// <summary>Reads a page.</summary>
    /// <param name="pollId">The poll.</param>
    /// <param name="sort">Which entries, in which order.</param>
    /// <param name="after"><see cref="EntryPage.Next"/> of the page before; null for the first page.</param>
    /// <param name="limit">Maximum number of entries.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Null if <paramref name="after"/> is not a place in this order.</returns>
    public async Task<EntryPage?> ReadAsync(
        Guid pollId, EntrySort sort, string? after, int limit, CancellationToken cancellationToken)
    {
        var (count, n) = (int.MaxValue, 0);
        string[] place = after?.Split('.') ?? [];
        if (after is not null && !(place.Length == 2
            && int.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out count)
            && int.TryParse(place[1], NumberStyles.None, CultureInfo.InvariantCulture, out n)))
        {
            return null;
        }

        var (which, order, further) = sort switch
        {
            EntrySort.Top => ("root IS NULL AND state = 0", "count DESC, n", "count < $2 OR (count = $2 AND n > $3)"),
            EntrySort.New => ("root IS NULL AND state = 0", "n DESC", "n < $3 OR $3 = 0"),
            EntrySort.Pending => ("root IS NULL AND state > 1", "n", "n > $3"),
            EntrySort.Hidden => ("root IS NULL AND state = 1", "n DESC", "n < $3 OR $3 = 0"),
            EntrySort.Merged => ("root IS NOT NULL", "n", "n > $3"),
            _ => ("false", "n", "true"),
        };
        // The texts come from the table above, not from callers.
#pragma warning disable CA2100
        await using var command = database.CreateCommand($"""
            SELECT t.version, (SELECT count(*)::integer FROM entries WHERE poll_id = $1 AND count > 0 AND {which}), e.*
            FROM tallies t
            LEFT JOIN LATERAL (
              SELECT n, text, count, state, merged_into FROM entries
              WHERE poll_id = $1 AND count > 0 AND {which} AND ({further})
              ORDER BY {order} LIMIT $4
            ) e ON true
            WHERE t.poll_id = $1
            """);
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = pollId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = n });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit + 1 });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (version, total, items) = (0L, 0, new List<ListedEntry>());
        while (await row.ReadAsync(cancellationToken))
        {
            (version, total) = (row.GetInt64(0), row.GetInt32(1));
            if (Listed(row) is { } entry)
            {
                items.Add(entry);
            }
        }

        var isLast = items.Count <= limit;
        return new EntryPage(
            pollId, version, total, isLast ? items : items[..limit],
            isLast ? null : $"{items[limit - 1].Count}.{items[limit - 1].N}");
    }

    /// <summary>The entry of the row; null if there are none.</summary>
    private static ListedEntry? Listed(NpgsqlDataReader row)
    {
        if (row.IsDBNull(2))
        {
            return null;
        }

        return ListedEntry.Of(
            row.GetInt32(2), row.GetString(3), row.GetInt32(4), (EntryState)row.GetInt16(5),
            row.IsDBNull(6) ? null : row.GetInt32(6));
    }
}

/// <summary>Which entries, in which order.</summary>
public enum EntrySort
{
    /// <summary>Shown ones, most frequent first, then in order of appearance.</summary>
    Top,

    /// <summary>Shown ones, the newest first.</summary>
    New,

    /// <summary>Answered ones. Words are never answered.</summary>
    Answered,

    /// <summary>Those that wait for the host, the oldest first.</summary>
    Pending,

    /// <summary>Hidden ones, the newest first.</summary>
    Hidden,

    /// <summary>Archived ones. Words are never archived.</summary>
    Archived,

    /// <summary>Those that were merged into others.</summary>
    Merged,
}

/// <summary>A page of entries. Part of the wire contract.</summary>
/// <param name="PollId">The poll.</param>
/// <param name="Version">The tally's version.</param>
/// <param name="Total">How many such entries there are.</param>
/// <param name="Items">The entries.</param>
/// <param name="Next">The <c>after</c> of the next page; null on the last one.</param>
public sealed record EntryPage(Guid PollId, long Version, int Total, IReadOnlyList<ListedEntry> Items, string? Next);

/// <summary>An entry of a page. Part of the wire contract.</summary>
/// <param name="N">Number within the poll, in order of first appearance.</param>
/// <param name="Text">The first spelling.</param>
/// <param name="Count">How many people added it.</param>
/// <param name="State">If it is not shown.</param>
/// <param name="Reason">Why it waits.</param>
/// <param name="Into">The entry that it was merged into.</param>
public sealed record ListedEntry(
    int N, string Text, int Count, EntryVisibility? State, PendingReason? Reason, int? Into)
{
    /// <summary>The entry as stored.</summary>
    public static ListedEntry Of(int n, string text, int count, EntryState state, int? mergedInto)
    {
        var entry = TallyEntry.Of(n, text, count, state);
        return new ListedEntry(entry.N, entry.Text, entry.Count, entry.State, entry.Reason, mergedInto);
    }
}
