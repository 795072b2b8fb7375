using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Polls.Api.Setup;
using Polls.Core.Audit;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Seats;
using Polls.Core.Sessions;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Storage;

/// <summary>
/// All parts of one instance below its API, on a real database. Several objects act as several instances.
/// </summary>
internal sealed class TestCore : IAsyncDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly ServiceProvider services;
    private readonly string connectionString;

    public TestCore(string connectionString, VoteOptions? votes = null, TimeProvider? clock = null, RoomOptions? rooms = null)
    {
        this.connectionString = connectionString;
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Options.Create(new DatabaseOptions { ConnectionString = connectionString, MinPoolSize = 0 }))
            .AddSingleton(Options.Create(votes ?? new VoteOptions { ReceiptTimeoutSeconds = 60 }))
            .AddSingleton(Options.Create(new HousekeepingOptions { IntervalSeconds = 1, RoomIdleSeconds = 3600 }))
            .AddPollsStorage(provider => provider.GetRequiredService<IOptions<VoteOptions>>().Value.Writers)
            .AddSingleton(clock ?? TimeProvider.System)
            .AddSingleton(metrics.Registry).AddOwnMetrics()
            .AddSingleton<IRoomListener>(Heard)
            .AddSingleton(Options.Create(rooms ?? new RoomOptions())).AddSingleton<RoomCapacity>().AddSingleton<JoinBatches>()
            .AddSingleton<TallyReader>().AddSingleton<EntryPages>().AddSingleton<EntryCommands>().AddSingleton<RoomReader>().AddSingleton<ResultsReader>().AddSingleton<AuditTrail>().AddSingleton<SeatBook>().AddSingleton<Attendance>().AddSingleton<Discards>().AddSingleton<RoomCommands>().AddSingleton<PollCommands>().AddSingleton<PollLookup>()
            .AddSingleton<CastVotes>().AddSingleton<VoteQueue>().AddSingleton<BallotBox>()
            .AddSingleton<PollTimer>().AddSingleton<Housekeeping>().AddSingleton<AccountSessions>()
            .BuildServiceProvider();
        Queue.Start();
    }

    /// <summary>Votes that are cast together form one batch, whatever their polls.</summary>
    public static VoteOptions OneWriter => new() { Writers = 1, ReceiptTimeoutSeconds = 60 };

    public Heard Heard { get; } = new();

    public NpgsqlDataSource Database => Get<NpgsqlDataSource>();

    public RoomReader Reader => Get<RoomReader>();

    public ResultsReader Results => Get<ResultsReader>();

    public RoomCommands Rooms => Get<RoomCommands>();

    public PollCommands Polls => Get<PollCommands>();

    public SeatBook Seats => Get<SeatBook>();

    public Attendance Attendance => Get<Attendance>();

    public Discards Discards => Get<Discards>();

    public AccountSessions Sessions => Get<AccountSessions>();

    public AuditTrail Audit => Get<AuditTrail>();

    public VoteQueue Queue => Get<VoteQueue>();

    public BallotBox Box => Get<BallotBox>();

    public IHostedService Timer => Get<PollTimer>();

    public IHostedService Housekeeping => Get<Housekeeping>();

    public Task MigrateAsync(Func<Task>? firstStartWork = null) =>
        Get<Migrator>().MigrateAsync(_ => firstStartWork?.Invoke() ?? Task.CompletedTask, default);

    public Task VerifyAsync() => Get<Migrator>().VerifyAsync(_ => Task.CompletedTask, default);

    public IDbContextFactory<PollsDb> Databases => Get<IDbContextFactory<PollsDb>>();

    public async Task<PollsDb> DbAsync() => await Get<IDbContextFactory<PollsDb>>().CreateDbContextAsync();

    public async Task<RoomInfo> RoomAsync(params PollDraft[] drafts) =>
        (await Rooms.CreateAsync("A room", drafts, default)).ShouldSucceed();

    /// <summary>A draft in the given room, or in a new one.</summary>
    public async Task<PollSnapshot> DraftAsync(PollDraft? draft = null, Guid? room = null)
    {
        var roomId = room ?? (await RoomAsync()).Id;
        return await PollAsync((await Polls.WriteAsync(roomId, draft ?? TestApi.Draft(), default)).ShouldSucceed());
    }

    /// <summary>An open poll in the given room, or in a new one.</summary>
    public async Task<PollSnapshot> OpenAsync(PollDraft? draft = null, Guid? room = null)
    {
        var poll = await DraftAsync(draft, room);
        await OpenAsync(poll);
        return await PollAsync(poll.Id);
    }

    public async Task OpenAsync(PollSnapshot poll, int? seconds = null) =>
        (await Polls.OpenAsync(poll.RoomId, poll.Id, seconds, default)).ShouldSucceed();

    public async Task CloseAsync(PollSnapshot poll) => (await Polls.CloseAsync(poll.RoomId, poll.Id, default)).ShouldSucceed();

    public async Task ResetAsync(PollSnapshot poll) => (await Polls.ResetAsync(poll.RoomId, poll.Id, default)).ShouldSucceed();

    public async Task<PollSnapshot> PollAsync(Guid poll) => (await Reader.FindPollAsync(poll, default)).ShouldNotBeNull();

    public async Task<RoomSnapshot> RoomAsync(Guid room) => (await Reader.LoadAsync(room, default)).ShouldNotBeNull().Room;

    /// <summary>Casts a vote through the queue; no choice withdraws it.</summary>
    public Task<VoteResult> CastAsync(PollSnapshot poll, Guid voter, int revision, params int[] choices) =>
        Queue.CastAsync(Vote(poll, voter, revision, choices), default);

    public static PendingVote Vote(PollSnapshot poll, Guid voter, int revision, params int[] choices) =>
        Vote(poll, voter, revision, new Ballot([.. choices.Select(choice => (short)choice)]));

    public static PendingVote Vote(PollSnapshot poll, Guid voter, int revision, Ballot ballot) =>
        new(poll.Id, poll.Edition, voter, revision, ballot);

    /// <summary>Commits these votes in one batch, in this order; requires <see cref="OneWriter"/>.</summary>
    public async Task<VoteResult[]> CastTogetherAsync(params PendingVote[] votes)
    {
        Task<VoteResult>[] answers;
        await using (await BlockAsync())
        {
            answers = [.. votes.Select(vote => Queue.CastAsync(vote, default))];
            Queue.Depth.ShouldBe(votes.Length);
        }

        return await Task.WhenAll(answers);
    }

    /// <summary>Keeps the only writer busy with another poll until disposed, so that votes queue up.</summary>
    public async Task<IAsyncDisposable> BlockAsync()
    {
        var other = await OpenAsync();
        var held = await HoldAsync(other.Id);
        _ = CastAsync(other, Guid.NewGuid(), 0, 0);
        await UntilWaitingAsync(1);
        return held;
    }

    /// <summary>Locks the poll's row, as a close in progress does, until disposed.</summary>
    public Task<IAsyncDisposable> HoldAsync(Guid poll) => HoldAsync("SELECT 1 FROM polls WHERE id = $1 FOR NO KEY UPDATE", poll);

    /// <summary>Locks the room's row until disposed.</summary>
    public Task<IAsyncDisposable> HoldRoomAsync(Guid room) => HoldAsync("SELECT 1 FROM rooms WHERE id = $1 FOR NO KEY UPDATE", room);

    /// <summary>Waits until this many sessions of the database wait for a lock.</summary>
    public Task UntilWaitingAsync(int sessions) => Until.TrueAsync(
        async () => await ReadAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == sessions,
        $"{sessions} sessions wait for a lock");

    public async Task<T> ReadAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> RunAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<TallyAudit> AuditAsync(Guid poll)
    {
        await using var command = Command(TallyAudit.Statement, [poll]);
        await using var row = await command.ExecuteReaderAsync();
        (await row.ReadAsync()).ShouldBeTrue();
        return new TallyAudit(
            row.GetInt64(0), row.GetInt32(1), await row.GetFieldValueAsync<int[]>(2), row.GetInt32(3),
            await row.GetFieldValueAsync<int[]>(4));
    }

    /// <summary>The stored votes of a poll by voter.</summary>
    public async Task<Dictionary<Guid, VoteRow>> VotesAsync(Guid poll)
    {
        await using var db = await DbAsync();
        return await db.Votes.AsNoTracking().Where(vote => vote.PollId == poll).ToDictionaryAsync(vote => vote.ParticipantId);
    }

    /// <summary>The stored entries of a poll by number; checked against a recount of the votes.</summary>
    public async Task<List<EntryRow>> EntriesAsync(Guid poll)
    {
        await using var db = await DbAsync();
        var entries = await db.Entries.AsNoTracking().Where(entry => entry.PollId == poll).OrderBy(entry => entry.N).ToListAsync();
        var votes = (await VotesAsync(poll)).Values.Select(vote => vote.Keys ?? []).ToList();
        foreach (var entry in entries)
        {
            var keys = entries.Where(other => other == entry || (entry.Root is null && other.Root == entry.N)).Select(other => other.Key).ToHashSet();
            entry.Count.ShouldBe(votes.Count(said => said.Any(keys.Contains)), entry.Key);
        }

        votes.SelectMany(said => said).Except(entries.Select(entry => entry.Key)).ShouldBeEmpty();
        var tally = await db.Tallies.AsNoTracking().SingleAsync(row => row.PollId == poll);
        tally.LastEntry.ShouldBeGreaterThanOrEqualTo(entries.LastOrDefault()?.N ?? 0);
        return entries;
    }

    public EntryCommands EntryCommands => Get<EntryCommands>();

    public EntryPages EntryPages => Get<EntryPages>();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        metrics.Dispose();
    }

    private T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    /// <summary>Runs a statement whose locks are kept until disposed.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string sql, params Guid[] ids)
    {
        // Not from the product's pool, whose sessions time out when idle in a transaction.
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false });
        var connection = await source.OpenConnectionAsync();
        await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
        foreach (var id in ids)
        {
            batch.BatchCommands[0].Parameters.Add(new NpgsqlParameter { Value = id });
        }

        await batch.ExecuteNonQueryAsync();
        return connection;
    }
}
