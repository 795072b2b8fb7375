using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Polls.AppHost;
using Polls.Core.Polls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Polls.Core.Votes;

namespace Polls.Tests.Votes;

/// <summary>A real, migrated PostgreSQL and the vote path on it; each queue stands for one instance.</summary>
public sealed class VoteStore : IAsyncLifetime
{
    private ServiceProvider services = null!;

    internal LocalCluster Cluster { get; private set; } = null!;

    internal NpgsqlDataSource Database => services.GetRequiredService<NpgsqlDataSource>();

    internal IDbContextFactory<PollsDb> Contexts => services.GetRequiredService<IDbContextFactory<PollsDb>>();

    internal RoomReader Rooms => new(Contexts);

    internal Heard Audience { get; } = new();

    internal RoomCommands RoomCommands => new(Contexts, Audience, TimeProvider.System);

    internal PollCommands PollCommands => new(Contexts, Audience, TimeProvider.System);

    public async Task InitializeAsync()
    {
        Cluster = await LocalCluster.StartNewAsync(new ClusterOptions { Throwaway = true, Instances = 0, RedisEnabled = false });
        services = new ServiceCollection().AddLogging().AddMetrics().AddPollsStorage()
            .Configure<DatabaseOptions>(options => options.ConnectionString = Cluster.Postgres.ConnectionString)
            .BuildServiceProvider();
        await services.GetRequiredService<Migrator>().MigrateAsync(_ => Task.CompletedTask, default);
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    /// <summary>One instance's group commit, started.</summary>
    internal VoteQueue Instance(VoteOptions? options = null)
    {
        var queue = new VoteQueue(
            new CastVotes(Database), Audience, Options.Create(options ?? new VoteOptions()), TimeProvider.System,
            new PollsMetrics(services.GetRequiredService<IMeterFactory>()), NullLogger<VoteQueue>.Instance);
        queue.Start();
        return queue;
    }

    /// <summary>A room with open polls of three options.</summary>
    internal async Task<(Guid Room, Guid[] Polls)> OpenPollsAsync(int polls = 1, PollSettings? settings = null)
    {
        (await RoomCommands.CreateAsync(
            "A room", [.. Enumerable.Range(0, polls).Select(i => new PollDraft($"Question {i}", PollKind.SingleChoice, ["A", "B", "C"], settings))],
            default)).Succeeded(out var room, out _).ShouldBeTrue();
        var truth = await Rooms.LoadAsync(room!.Id, default);
        foreach (var poll in truth!.Room.Polls)
        {
            (await PollCommands.OpenAsync(room.Id, poll.Id, null, default)).Refusal.ShouldBeNull();
        }

        return (room.Id, [.. truth.Room.Polls.Select(poll => poll.Id)]);
    }

    internal static PendingVote Vote(Guid poll, Guid voter, int revision, params int[] marks) =>
        new(poll, 1, voter, revision, [.. marks.Select(mark => (short)mark)]);

    internal async Task<Tally> StoredAsync(Guid room, Guid poll) => (await Rooms.LoadAsync(room, default))!.Tallies[poll];

    /// <summary>Voters, then marks per option, counted from the votes.</summary>
    internal async Task<int[]> RecountAsync(Guid poll)
    {
        await using var db = await Contexts.CreateDbContextAsync();
        var votes = await db.Votes.AsNoTracking().Where(vote => vote.PollId == poll).ToListAsync();
        return [votes.Count(vote => vote.Marks.Length > 0), .. Enumerable.Range(0, 3).Select(option => votes.Sum(vote => vote.Marks.Count(mark => mark == option)))];
    }

    /// <summary>G3: the stored tally is the recount.</summary>
    internal async Task ShouldBeExactAsync(Guid room, Guid poll)
    {
        var stored = await StoredAsync(room, poll);
        ((int[])[stored.Voters, .. stored.Counts]).ShouldBe(await RecountAsync(poll));
    }

    internal sealed class Heard : IRoomAudience
    {
        public ConcurrentQueue<Tally> Tallies { get; } = new();

        public void OnTallyMoved(TallyMoved moved) => Tallies.Enqueue(moved.Tally);

        public void OnRoomChanged(Guid roomId)
        {
        }
    }
}

/// <summary>Tests that share one PostgreSQL.</summary>
[CollectionDefinition(nameof(VoteStore))]
public sealed class VoteStoreCollection : ICollectionFixture<VoteStore>;
