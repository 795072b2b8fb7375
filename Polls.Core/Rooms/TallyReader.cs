using System.Text.Json;
using Npgsql;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.Rooms;

/// <summary>Reads the tallies of polls with entries, each in one statement and so in one snapshot.</summary>
public sealed class TallyReader(NpgsqlDataSource database)
{
    private static readonly string HeadQuery = Sql.Load("Queries/EntryHead.sql");
    private static readonly string NumbersQuery = Sql.Load("Queries/Numbers.sql");

    /// <summary>The tally, with the versions that decide who may see it; null if the poll does not exist.</summary>
    public async Task<TallyMoved?> ReadAsync(PollSnapshot poll, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand();
        return await ReadAsync(command, poll, cancellationToken);
    }

    /// <summary>The same, by this command.</summary>
    internal static async Task<TallyMoved?> ReadAsync(
        NpgsqlCommand command, PollSnapshot poll, CancellationToken cancellationToken)
    {
        // The texts are the product's own.
#pragma warning disable CA2100
        command.CommandText = poll.Entries == EntrySummary.Numbers ? NumbersQuery : HeadQuery;
#pragma warning restore CA2100
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = poll.Id });
        if (poll.KindSettings is NumericSettings range)
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = range.Decimals!.Value + 2 });
            command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = range.BinsFrom });
            command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = range.BinWidth });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = range.Bins });
        }

        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            return null;
        }

        var tally = new Tally(poll.Id, row.GetInt64(3), [], row.GetInt32(4))
        {
            Discarded = row.GetInt32(row.GetOrdinal("discarded")),
        };
        return new TallyMoved(row.GetGuid(0), row.GetInt64(1), poll.KindSettings is NumericSettings settings
            ? tally with { Numbers = NumbersOf(row, settings) }
            : tally with { Head = HeadOf(row) }, row.GetString(2));
    }

    /// <summary>The tally of a poll in which nobody has a vote.</summary>
    internal static Tally Empty(PollSnapshot poll, Tally tally) => poll.Entries switch
    {
        EntrySummary.Head => tally with { Head = EntryHead.Empty },
        EntrySummary.Numbers => tally with { Numbers = new NumberSummary(0) },
        _ => tally,
    };

    private static EntryHead HeadOf(NpgsqlDataReader row)
    {
        var all = Items(row, 9);
        return new EntryHead(
            row.GetInt32(5), row.GetInt32(6), row.GetInt32(7), row.GetInt32(8),
            row.IsDBNull(10) && row.GetInt32(7) + row.GetInt32(8) == 0 ? [.. all.Take(100)] : Items(row, 10), all);
    }

    private static TallyEntry[] Items(NpgsqlDataReader row, int column) => row.IsDBNull(column)
        ? []
        : [.. JsonSerializer.Deserialize<Item[]>(row.GetString(column), JsonSerializerOptions.Web)!
            .Select(item => TallyEntry.Of(item.N, item.Text, item.Count, item.State))];

    private static NumberSummary NumbersOf(NpgsqlDataReader row, NumericSettings settings) => row.GetInt32(5) == 0
        ? new NumberSummary(0)
        : new NumberSummary(
            row.GetInt32(5), Number(row, 6), Number(row, 7), Number(row, 8), Number(row, 9), Number(row, 10),
            Number(row, 11), row.GetFieldValue<int[]>(12), settings.BinsFrom, settings.BinWidth);

    /// <summary>The number without zeros at the end of its decimals.</summary>
    private static decimal Number(NpgsqlDataReader row, int column) =>
        row.GetDecimal(column) / 1.0000000000000000000000000000m;

    private sealed record Item(int N, string Text, int Count, EntryState State);
}
