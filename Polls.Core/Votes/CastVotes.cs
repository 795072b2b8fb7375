using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Polls.Core.Kinds;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.Votes;

/// <summary>
/// Casts one batch of votes: one call of <c>cast_votes_v1</c>
/// (<c>Storage/Migrations/20261121000000_Initial.CastVotes.sql</c>), one transaction, one round trip.
/// </summary>
public sealed class CastVotes([FromKeyedServices(DatabaseSetup.Votes)] NpgsqlDataSource database)
{
    private const string Statement = "SELECT * FROM cast_votes_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    private const int TallyRow = -1;

    // No text contains it.
    private const char Separator = '\u001F';

    /// <summary>
    /// Commits the batch and returns the result of each vote, in the batch's order, and the current tallies of its
    /// polls. No two votes of the batch may have the same key.
    /// </summary>
    /// <exception cref="NpgsqlException">The batch failed as a whole. It may or may not be committed; a retry is
    /// safe.</exception>
    public async Task<(VoteResult[] Results, List<TallyMoved> Tallies)> ExecuteAsync(
        IReadOnlyList<PendingVote> batch, CancellationToken cancellationToken)
    {
        var polls = new Dictionary<Guid, int>();
        foreach (var vote in batch)
        {
            polls.TryAdd(vote.PollId, polls.Count + 1);
        }

        Guid[] pollIds = [.. polls.Keys];
        await using var command = database.CreateCommand(Statement);
        Add(command, NpgsqlDbType.Uuid, pollIds);
        Add(command, NpgsqlDbType.Integer, Each(batch, vote => polls[vote.PollId]));
        Add(command, NpgsqlDbType.Uuid, Each(batch, vote => vote.ParticipantId));
        Add(command, NpgsqlDbType.Integer, Each(batch, vote => vote.Revision));
        Add(command, NpgsqlDbType.Integer, Each(batch, vote => vote.Edition));
        Add(command, NpgsqlDbType.Smallint, batch.SelectMany(vote => vote.Ballot.Marks).ToArray());
        Add(command, NpgsqlDbType.Integer, Weights(batch));
        var end = 0;
        Add(command, NpgsqlDbType.Integer, Each(batch, vote => end += vote.Ballot.Marks.Length));
        var isKeyed = batch.Any(vote => vote.Ballot.Keys is not null);
        Add(command, NpgsqlDbType.Text, isKeyed ? Each(batch, vote => Joined(vote.Ballot.Keys)) : []);
        Add(command, NpgsqlDbType.Text, isKeyed ? Each(batch, vote => Joined(vote.Ballot.Texts)) : []);
        Add(command, NpgsqlDbType.Text, isKeyed ? Each(batch, vote => States(vote.Ballot)) : []);

        var results = new VoteResult[batch.Count];
        var tallies = new List<TallyMoved>(pollIds.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ReadRow(reader, batch, pollIds, results, tallies);
        }

        // PostgreSQL sends the rows before the commit and its success after them. Disposing the reader waits for it
        // too, but hides a time-out: a receipt would be sent for an uncommitted vote.
        await reader.NextResultAsync(cancellationToken);
        return (results, tallies);
    }

    private static void ReadRow(
        NpgsqlDataReader row, IReadOnlyList<PendingVote> batch, Guid[] polls, VoteResult[] results,
        List<TallyMoved> tallies)
    {
        var index = row.GetInt32(0) - 1;
        if (row.GetInt32(1) == TallyRow)
        {
            var tally = new Tally(polls[index], row.GetInt64(3), row.GetFieldValue<int[]>(8), row.GetInt32(9))
            {
                Discarded = row.GetInt32(14),
            };
            tallies.Add(new TallyMoved(row.GetGuid(6), row.GetInt64(7), tally, row.GetString(10)));
            return;
        }

        var outcome = (VoteOutcome)row.GetInt32(1);
        results[index] = outcome is VoteOutcome.Accepted or VoteOutcome.Repeated or VoteOutcome.Superseded
            ? new(outcome, new CommittedVote(
                batch[index].PollId, row.GetInt32(2),
                new Ballot(
                    row.GetFieldValue<short[]>(5), Nullable<int[]>(row, 11), Nullable<string[]>(row, 12),
                    Nullable<string[]>(row, 13)),
                row.IsDBNull(3) ? null : row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4)))
            : new(outcome);
    }

    /// <summary>The weight of each mark, 0 for a vote without weights; none at all if no vote has any.</summary>
    private static int[] Weights(IReadOnlyList<PendingVote> batch) => batch.All(vote => vote.Ballot.Weights is null)
        ? []
        : [.. batch.SelectMany(vote => vote.Ballot.Weights ?? new int[vote.Ballot.Marks.Length])];

    private static string Joined(string[]? texts) => texts is null ? "" : string.Join(Separator, texts);

    private static string States(Ballot ballot) =>
        ballot.NewStates is { } states ? string.Concat(states.Select(state => (int)state)) : "";

    private static T? Nullable<T>(NpgsqlDataReader row, int column) where T : class =>
        row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static T[] Each<T>(IReadOnlyList<PendingVote> batch, Func<PendingVote, T> pick)
    {
        var values = new T[batch.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = pick(batch[i]);
        }

        return values;
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType element, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]>
        {
            TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element
        });
}
