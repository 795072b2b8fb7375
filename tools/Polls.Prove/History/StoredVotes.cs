using System.Data;
using Npgsql;
using Polls.Prove.Kinds;

namespace Polls.Prove.History;

/// <summary>A snapshot of one room in PostgreSQL, read over the suite's own connection.</summary>
internal sealed record StoredVotes(
    IReadOnlyDictionary<Guid, string> States, IReadOnlyDictionary<Guid, StoredTally> Tallies,
    IReadOnlyDictionary<(Guid Poll, Guid Participant), StoredVote> Votes, IReadOnlyList<string> Duplicates)
{
    // The contract's names, by stored number.
    private static readonly string[] StateNames = ["draft", "open", "closed"];

    private const string StatesStatement = "SELECT id, state FROM polls WHERE room_id = $1";
    private const string TalliesStatement =
        "SELECT t.poll_id, t.version, t.counts, t.voters FROM tallies t JOIN polls p ON p.id = t.poll_id "
            + "WHERE p.room_id = $1";
    private const string EntriesStatement =
        "SELECT e.poll_id, e.n, e.key, e.text, e.count FROM entries e JOIN polls p ON p.id = e.poll_id "
            + "WHERE p.room_id = $1 ORDER BY e.count DESC, e.n";
    private const string VotesStatement =
        "SELECT v.poll_id, v.participant_id, v.revision, v.marks, v.weights, v.keys, v.tally_version FROM votes v "
            + "JOIN polls p ON p.id = v.poll_id WHERE p.room_id = $1";

    /// <summary>Reads everything in one snapshot; of tallies and votes, those of the polls in the history.</summary>
    public static async Task<StoredVotes> ReadAsync(
        NpgsqlDataSource database, Guid room, RunHistory history, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead, cancellationToken);
        async Task EachAsync(NpgsqlCommand statement, Action<NpgsqlDataReader> read)
        {
            await using var command = statement;
            command.Parameters.Add(new() { Value = room });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                read(row);
            }
        }

        var states = new Dictionary<Guid, string>();
        await EachAsync(new(StatesStatement, connection), row => states[row.GetGuid(0)] = StateNames[row.GetInt16(1)]);
        var entries = new List<(Guid Poll, string Key, SeenEntry Entry)>();
        await EachAsync(new(EntriesStatement, connection), row => entries.Add(
            (row.GetGuid(0), row.GetString(2), new(row.GetInt32(1), row.GetString(3), row.GetInt32(4)))));
        var said = entries.ToLookup(entry => entry.Poll);
        var tallies = new Dictionary<Guid, StoredTally>();
        await EachAsync(new(TalliesStatement, connection), row =>
        {
            if (history.FindPoll(row.GetGuid(0)) is { } poll)
            {
                var counts = row.GetFieldValue<int[]>(2);
                var keyed = said[poll.Id].Select(entry => (entry.Key, entry.Entry.Count));
                tallies[poll.Id] = new(
                    poll.Id, row.GetInt64(1), NumbersOf(poll.Model, counts, keyed, row.GetInt32(3)),
                    [.. said[poll.Id].Select(entry => entry.Entry)]);
            }
        });
        var votes = new Dictionary<(Guid, Guid), StoredVote>();
        var duplicates = new List<string>();
        await EachAsync(new(VotesStatement, connection), row =>
        {
            if (history.FindPoll(row.GetGuid(0)) is { } poll
                && !votes.TryAdd((poll.Id, row.GetGuid(1)), VoteOf(row, poll.Model)))
            {
                duplicates.Add($"participant {row.GetGuid(1)} has two votes in poll {poll.Id}");
            }
        });
        return new(states, tallies, votes, duplicates);
    }

    /// <summary>Whether a participant has an answer that is not withdrawn.</summary>
    public bool HasAnswered(Guid participant, Guid poll) =>
        Votes.TryGetValue((poll, participant), out var vote) && vote.Adds.Count > 0;

    /// <summary>Counts the poll's numbers from its votes.</summary>
    public int[] Recount(PollHistory poll)
    {
        var numbers = new int[poll.Model.Size + 1];
        foreach (var vote in Votes.Where(vote => vote.Key.Poll == poll.Id).Select(vote => vote.Value.Adds))
        {
            numbers[^1] += vote.Count > 0 ? 1 : 0;
            foreach (var (index, number) in vote)
            {
                if (index < 0 || index >= poll.Model.Size)
                {
                    // A cell or key that the poll cannot have: no stored tally can equal this.
                    return [];
                }

                // For a key, a vote counts once.
                numbers[index] += index < poll.Model.Cells ? number : 1;
            }
        }

        return numbers;
    }

    private static int[] NumbersOf(
        KindModel model, int[] counts, IEnumerable<(string Key, int Count)> entries, int voters)
    {
        var numbers = new int[model.Size + 1];
        numbers[^1] = voters;
        if (counts.Length != model.Cells)
        {
            return [.. counts, voters];
        }

        counts.CopyTo(numbers, 0);
        foreach (var (key, count) in entries)
        {
            if (model.IndexOf(key) is not (>= 0 and var index))
            {
                return [voters];
            }

            numbers[index] += count;
        }

        return numbers;
    }

    private static StoredVote VoteOf(NpgsqlDataReader row, KindModel model)
    {
        var adds = new SortedDictionary<int, int>();
        var marks = row.GetFieldValue<short[]>(3);
        var weights = row.IsDBNull(4) ? null : row.GetFieldValue<int[]>(4);
        for (var i = 0; i < marks.Length; i++)
        {
            adds[marks[i]] = adds.GetValueOrDefault(marks[i]) + (weights is null ? 1 : weights[i]);
        }

        foreach (var key in row.IsDBNull(5) ? [] : row.GetFieldValue<string[]>(5))
        {
            var index = model.IndexOf(key);
            adds[index] = adds.GetValueOrDefault(index) + 1;
        }

        return new(row.GetInt32(2), adds, row.GetInt64(6));
    }
}

/// <summary>A row of the table <c>tallies</c> with its rows of <c>entries</c>, in the order of the contract.</summary>
/// <param name="Poll">The poll.</param>
/// <param name="Version">The version.</param>
/// <param name="Numbers">Cells, keys and voters; of another length if the poll cannot have them.</param>
/// <param name="Entries">The entries.</param>
internal sealed record StoredTally(Guid Poll, long Version, int[] Numbers, IReadOnlyList<SeenEntry> Entries)
{
    public int Voters => Numbers[^1];

    public bool IsEmpty => Numbers.All(number => number == 0) && Entries.Count == 0;

    public bool Equals(StoredTally? other) =>
        other is not null && Version == other.Version && Numbers.AsSpan().SequenceEqual(other.Numbers)
        && Entries.SequenceEqual(other.Entries);

    public override int GetHashCode() => HashCode.Combine(Poll, Version);

    /// <summary>Whether a client shows this tally, with the first of its entries.</summary>
    public bool IsShownBy(SeenTally tally, KindModel model) =>
        Version == tally.Version && Numbers.Length == model.Size + 1 && model.Allows(tally, Numbers, Numbers)
        && (tally.Entries is not { } seen || seen.Items.SequenceEqual(Entries.Take(seen.Items.Count)));

    public override string ToString() => $"version {Version}: {Describe(Numbers)}";

    /// <summary>Cells, keys and voters as a text.</summary>
    public static string Describe(int[] numbers) =>
        numbers.Length == 0
            ? "an impossible cell or key"
            : $"[{string.Join(' ', numbers[..^1])}] of {numbers[^1]} voters";
}

/// <summary>A row of the table <c>votes</c>: what it adds to which numbers of the tally.</summary>
internal sealed record StoredVote(int Revision, SortedDictionary<int, int> Adds, long Version);
