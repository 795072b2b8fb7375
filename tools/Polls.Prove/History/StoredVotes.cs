using Npgsql;

namespace Polls.Prove.History;

/// <summary>A snapshot of one room in PostgreSQL, read over the suite's own connection.</summary>
internal sealed record StoredVotes(
    IReadOnlyDictionary<Guid, string> States, IReadOnlyDictionary<Guid, SeenTally> Tallies,
    IReadOnlyDictionary<(Guid Poll, Guid Participant), StoredVote> Votes, IReadOnlyList<string> Duplicates)
{
    // The contract's names, by stored number.
    private static readonly string[] StateNames = ["draft", "open", "closed"];

    private const string StatesStatement = "SELECT id, state FROM polls WHERE room_id = $1";
    private const string TalliesStatement =
        "SELECT t.poll_id, t.version, t.counts, t.voters FROM tallies t JOIN polls p ON p.id = t.poll_id "
            + "WHERE p.room_id = $1";
    private const string VotesStatement =
        "SELECT v.poll_id, v.participant_id, v.revision, v.marks, v.tally_version FROM votes v JOIN polls p "
            + "ON p.id = v.poll_id WHERE p.room_id = $1";

    /// <summary>Reads everything in one snapshot.</summary>
    public static async Task<StoredVotes> ReadAsync(
        NpgsqlDataSource database, Guid room, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var states = new Dictionary<Guid, string>();
        await using (var command = new NpgsqlCommand(StatesStatement, connection)
        {
            Parameters = { new() { Value = room } }
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                states[reader.GetGuid(0)] = StateNames[reader.GetInt16(1)];
            }
        }

        var tallies = new Dictionary<Guid, SeenTally>();
        await using (var command = new NpgsqlCommand(TalliesStatement, connection)
        {
            Parameters = { new() { Value = room } }
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                tallies[reader.GetGuid(0)] = new(
                    reader.GetGuid(0),
                    reader.GetInt64(1),
                    await reader.GetFieldValueAsync<int[]>(2, cancellationToken),
                    reader.GetInt32(3));
            }
        }

        var votes = new Dictionary<(Guid, Guid), StoredVote>();
        var duplicates = new List<string>();
        await using (var command = new NpgsqlCommand(VotesStatement, connection)
        {
            Parameters = { new() { Value = room } }
        })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var marks = await reader.GetFieldValueAsync<short[]>(3, cancellationToken);
                var vote = new StoredVote(
                    reader.GetInt32(2), [.. marks.Select(mark => (int)mark).Order()], reader.GetInt64(4));
                if (!votes.TryAdd((reader.GetGuid(0), reader.GetGuid(1)), vote))
                {
                    duplicates.Add($"participant {reader.GetGuid(1)} has two votes in poll {reader.GetGuid(0)}");
                }
            }
        }

        return new(states, tallies, votes, duplicates);
    }

    /// <summary>Counts the poll's tally from its votes.</summary>
    public SeenTally Recount(Guid poll)
    {
        var counts = new int[Tallies[poll].Counts.Length];
        var voters = 0;
        foreach (var (key, vote) in Votes)
        {
            if (key.Poll == poll && vote.Choices.Length > 0)
            {
                voters++;
                foreach (var choice in vote.Choices)
                {
                    // An option that the poll does not have: no stored tally can equal this one.
                    if (choice >= counts.Length)
                    {
                        Array.Resize(ref counts, choice + 1);
                    }

                    counts[choice]++;
                }
            }
        }

        return new(poll, Tallies[poll].Version, counts, voters);
    }
}

/// <summary>A row of the table <c>votes</c>.</summary>
internal sealed record StoredVote(int Revision, int[] Choices, long Version);
