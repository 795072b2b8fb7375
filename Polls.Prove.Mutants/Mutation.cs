using Npgsql;
using Polls.Core.Votes;

namespace Polls;

/// <summary>Which line is broken in this process: as <c>POLLS_MUTATION</c> says, or none.</summary>
internal static class Mutation
{
    private const string MoveTallies =
        """
        UPDATE tallies t
        SET version = t.version + 1,
            voters = (SELECT count(*) FROM votes v WHERE v.poll_id = t.poll_id AND cardinality(v.marks) > 0),
            counts = ARRAY(
              SELECT (SELECT count(*)::integer FROM votes v, unnest(v.marks) AS mark WHERE v.poll_id = t.poll_id AND mark = o.n - 1)
              FROM unnest(t.counts) WITH ORDINALITY AS o (count, n) ORDER BY o.n)
        WHERE t.poll_id = ANY ($1)
        """;

    private static readonly string? Chosen = Environment.GetEnvironmentVariable("POLLS_MUTATION");

    public static bool Is(string name) => Chosen == name;

    /// <summary>For "tally-outside-the-transaction".</summary>
    public static async Task MoveTalliesAsync(NpgsqlDataSource database, Guid[] polls, CancellationToken cancellationToken)
    {
        if (Is("tally-outside-the-transaction"))
        {
            await using var command = database.CreateCommand(MoveTallies);
            command.Parameters.AddWithValue(polls);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>For "ack-before-commit"; null otherwise.</summary>
    public static async Task<OpenTransaction?> BeginAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (!Is("ack-before-commit"))
        {
            return null;
        }

        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return new(connection, await connection.BeginTransactionAsync(cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal sealed class OpenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public NpgsqlCommand Command(string statement) => new(statement, connection, transaction);

        public async Task AcknowledgeAndCommitAsync(IReadOnlyList<PendingVote> votes, VoteResult[] results, CancellationToken cancellationToken)
        {
            for (var i = 0; i < votes.Count; i++)
            {
                votes[i].Complete(results[i]);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
