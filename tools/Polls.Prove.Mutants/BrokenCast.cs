using Npgsql;
using Polls.Core.Votes;

namespace Polls;

/// <summary>
/// The mutations of <c>CastVotes</c>; does nothing unless one of them is selected. Disposed after the data reader.
/// </summary>
internal sealed class BrokenCast : IAsyncDisposable
{
    private const string MoveTallies =
        """
        UPDATE tallies t
        SET version = t.version + 1,
            voters = (SELECT count(*) FROM votes v
                      WHERE v.poll_id = t.poll_id AND (cardinality(v.marks) > 0 OR v.keys IS NOT NULL)),
            entries = (SELECT count(*) FROM entries e WHERE e.poll_id = t.poll_id),
            last_entry = GREATEST(t.last_entry, (SELECT max(e.n) FROM entries e WHERE e.poll_id = t.poll_id)),
            counts = ARRAY(
              SELECT (SELECT COALESCE(sum(COALESCE(m.weight, 1)), 0)::integer
                      FROM votes v, unnest(v.marks, v.weights) AS m (mark, weight)
                      WHERE v.poll_id = t.poll_id AND m.mark = o.n - 1)
              FROM unnest(t.counts) WITH ORDINALITY AS o (count, n) ORDER BY o.n)
        WHERE t.poll_id = ANY ($1)
        """;

    private readonly NpgsqlDataSource database;
    private readonly Guid[] polls;
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;
    private bool isDone;

    private BrokenCast(NpgsqlDataSource database, Guid[] polls) => (this.database, this.polls) = (database, polls);

    public static async Task<BrokenCast> BeginAsync(
        NpgsqlDataSource database, Guid[] polls, CancellationToken cancellationToken)
    {
        var cast = new BrokenCast(database, polls);
        if (Mutation.Is("ack-before-commit"))
        {
            try
            {
                cast.connection = await database.OpenConnectionAsync(cancellationToken);
                cast.transaction = await cast.connection.BeginTransactionAsync(cancellationToken);
            }
            catch
            {
                await cast.DisposeAsync();
                throw;
            }
        }

        return cast;
    }

    public NpgsqlCommand Command(string statement) =>
        connection is null ? database.CreateCommand(statement) : new(statement, connection, transaction);

    /// <summary>Called when all rows have been read.</summary>
    public void Done(IReadOnlyList<PendingVote> votes, VoteResult[] results)
    {
        isDone = true;
        for (var i = 0; transaction is not null && i < votes.Count; i++)
        {
            votes[i].Complete(results[i]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await using var open = connection;
            await using var unfinished = transaction;
            if (isDone)
            {
                await transaction!.CommitAsync();
            }
        }

        if (isDone && Mutation.Is("tally-outside-the-transaction"))
        {
            await using var command = database.CreateCommand(MoveTallies);
            command.Parameters.AddWithValue(polls);
            await command.ExecuteNonQueryAsync();
        }
    }
}
