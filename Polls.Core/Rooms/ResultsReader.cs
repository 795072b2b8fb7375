using System.Data;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Polls.Core.Audit;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Core.Rooms;

/// <summary>Reads everything of a room as it was at one moment, for exports.</summary>
public sealed class ResultsReader(IDbContextFactory<PollsDb> databases, NpgsqlDataSource database)
{
    /// <summary>How long a moment can be read; then PostgreSQL ends its connection.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // Without retries: EF Core would keep all rows of each query in memory for them.
    private readonly DbContextOptions<PollsDb> streaming =
        new DbContextOptionsBuilder<PollsDb>().UseNpgsql(database).AddInterceptors(new FreshCommands()).Options;

    private static readonly string TimeLimits = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SET LOCAL statement_timeout = {Longest.TotalMilliseconds:0};
        SET LOCAL idle_in_transaction_session_timeout = {Longest.TotalMilliseconds:0}
        """);

    /// <summary>
    /// Opens the room at this moment; null if the room does not exist. It keeps a database connection until it is
    /// disposed.
    /// </summary>
    public async Task<ResultsMoment?> OpenAsync(Guid roomId, CancellationToken cancellationToken)
    {
        await using var retrying = await databases.CreateDbContextAsync(cancellationToken);
        return await retrying.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                var db = new PollsDb(streaming);
                ResultsMoment? moment = null;
                try
                {
                    await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
                    // Whoever reads slowly makes statements and pauses long.
                    db.Database.SetCommandTimeout(Longest);
                    await db.Database.ExecuteSqlRawAsync(TimeLimits, token);
                    moment = await ResultsMoment.LoadAsync(db, roomId, token);
                    return moment;
                }
                finally
                {
                    if (moment is null)
                    {
                        await db.DisposeAsync();
                    }
                }
            },
            cancellationToken);
    }
}

/// <summary>A room at one moment. Whatever is read from it, and when, belongs together.</summary>
public sealed class ResultsMoment : IAsyncDisposable
{
    private readonly PollsDb db;

    private ResultsMoment(PollsDb db, RoomTruth truth) => (this.db, Truth) = (db, truth);

    /// <summary>The room, its polls and tallies.</summary>
    public RoomTruth Truth { get; }

    /// <summary>
    /// Whether nothing may tell when, or in which order, votes were cast: it would tell who voted, and so which slip or
    /// person a vote belongs to.
    /// </summary>
    public bool IsSecret => Truth.Room.Anonymous || Truth.Room.Assurance == Assurance.SeatCode;

    /// <summary>The votes of a poll, row by row, in the order of their time; without withdrawn ones.</summary>
    public async IAsyncEnumerable<NamedVote> VotesAsync(
        PollSnapshot poll, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var votes = db.Votes.AsNoTracking().Where(vote => vote.PollId == poll.Id).LeftJoin(
            db.Participants, vote => vote.ParticipantId, person => person.Id,
            (vote, person) => new { Vote = vote, person!.Nickname });
        var ordered = IsSecret
            ? votes.OrderBy(item => item.Vote.ParticipantId)
            : votes.OrderBy(item => item.Vote.CastAt).ThenBy(item => item.Vote.ParticipantId);
        await foreach (var item in ordered.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (!item.Vote.Ballot.IsEmpty)
            {
                yield return new NamedVote(item.Vote, item.Nickname);
            }
        }
    }

    /// <summary>
    /// All entries of a poll, also hidden and merged ones, most frequent first; none of kinds without entries.
    /// </summary>
    public async Task<IReadOnlyList<ListedEntry>> EntriesAsync(PollSnapshot poll, CancellationToken cancellationToken)
    {
        if (poll.Entries == EntrySummary.None)
        {
            return [];
        }

        var rows = await db.Entries.AsNoTracking()
            .Where(entry => entry.PollId == poll.Id && entry.Count > 0)
            .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.N)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => ListedEntry.Of(row.N, row.Text, row.Count, row.State, row.MergedInto))];
    }

    /// <summary>All actions in the room, oldest first.</summary>
    public async Task<IReadOnlyList<AuditRow>> AuditAsync(CancellationToken cancellationToken) =>
        await AuditTrail.Of(db, Truth.Room.Id).ToListAsync(cancellationToken);

    /// <summary>All discards in the room, oldest first.</summary>
    public async Task<IReadOnlyList<DiscardRow>> DiscardsAsync(CancellationToken cancellationToken) =>
        await db.Discards.AsNoTracking().Where(row => row.RoomId == Truth.Room.Id).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => db.DisposeAsync();

    /// <summary>The room in the snapshot of this context's transaction; null if it does not exist.</summary>
    internal static async Task<ResultsMoment?> LoadAsync(PollsDb db, Guid roomId, CancellationToken cancellationToken)
    {
        if (await RoomReader.LoadWithoutEntriesAsync(db, roomId, cancellationToken) is not { } truth)
        {
            return null;
        }

        var tallies = new Dictionary<Guid, Tally>(truth.Tallies);
        foreach (var poll in truth.Room.Polls.Where(poll => poll.Entries != EntrySummary.None))
        {
            var connection = (NpgsqlConnection)db.Database.GetDbConnection();
            await using var command = new NpgsqlCommand { Connection = connection };
            tallies[poll.Id] = (await TallyReader.ReadAsync(command, poll, cancellationToken))!.Tally;
        }

        return new ResultsMoment(db, truth with { Tallies = tallies });
    }
}

/// <summary>A vote with its voter's nickname, if there is one.</summary>
public sealed record NamedVote(VoteRow Vote, string? Nickname);
