using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Polls.Core;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>People who join at the same time are stored together, and each gets an answer of their own.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class JoinBatchesTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_crowd_is_stored_by_a_few_commits()
    {
        await using var core = postgres.Core();
        var room = await core.RoomAsync();
        var joined = await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => core.Rooms.JoinAsync(room.Id, $"Person {i}", default)));
        joined.Select(outcome => outcome.ShouldSucceed()).Distinct().Count().ShouldBe(1200);
        (await core.ReadAsync<long>($"SELECT count(DISTINCT nickname) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(1200);
        (await core.ReadAsync<long>($"SELECT count(DISTINCT xmin::text) FROM participants WHERE room_id = '{room.Id}'")).ShouldBeInRange(3, 200);
    }

    [Fact]
    public async Task A_room_fills_to_its_last_place_and_not_further_however_many_join_at_once()
    {
        await using var core = new TestCore(postgres.Cluster.Postgres.ConnectionString, rooms: new RoomOptions { MaxParticipants = 50 });
        var room = await core.RoomAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => core.Rooms.JoinAsync(room.Id, null, default)));
        outcomes.Count(outcome => outcome.Refusal is null).ShouldBe(50);
        outcomes.Where(outcome => outcome.Refusal is not null).ShouldAllBe(outcome => outcome.Refusal!.Code == "room.full");
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(50);
    }

    [Fact]
    public async Task An_account_that_joins_many_times_at_once_is_one_participant()
    {
        await using var core = postgres.Core();
        var room = (await core.Rooms.CreateAsync("Accounts", null, new RoomSettings(Assurance.Account), default)).ShouldSucceed();
        var account = Guid.NewGuid();
        var joined = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => core.Rooms.JoinAsAccountAsync(room.Id, account, "Ann", default)));
        joined.Select(outcome => outcome.ShouldSucceed()).Distinct().Count().ShouldBe(1);
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Lookups_of_one_code_at_the_same_time_share_a_read()
    {
        await using var core = postgres.Core();
        var room = await core.RoomAsync();
        var found = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => core.Reader.FindAsync(room.Code, default)));
        found.ShouldAllBe(one => one == room);
        found.Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBeLessThan(100, "each read makes an object of its own");
    }

    [Fact]
    public async Task While_a_room_is_locked_its_crowd_waits_others_join_and_who_gives_up_is_not_stored()
    {
        await using var core = Core(new FakeTimeProvider());
        var (room, other) = (await core.RoomAsync(), await core.RoomAsync());
        using var patience = new CancellationTokenSource();
        Task<Outcome<Guid>>[] waiting = [];
        await WhileLockedAsync(core, room, async first =>
        {
            waiting = [first, .. Enumerable.Range(0, 20).Select(i => core.Rooms.JoinAsync(room.Id, $"Person {i}", default))];
            var impatient = core.Rooms.JoinAsync(room.Id, "Impatient", patience.Token);
            await patience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(impatient);
            (await core.Rooms.JoinAsync(other.Id, null, default)).ShouldSucceed();
        });
        (await Task.WhenAll(waiting)).ShouldAllBe(outcome => outcome.Refusal == null);
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(21);
    }

    [Fact]
    public async Task When_PostgreSQL_does_not_answer_all_who_wait_are_told_and_the_next_join_succeeds()
    {
        var clock = new FakeTimeProvider();
        await using var core = Core(clock);
        var room = await core.RoomAsync();
        await WhileLockedAsync(core, room, async first =>
        {
            var next = core.Rooms.JoinAsync(room.Id, "Next", default);
            clock.Advance(TimeSpan.FromSeconds(9));
            await Should.ThrowAsync<TimeoutException>(first);
            await Should.ThrowAsync<TimeoutException>(next);
        });
        (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldSucceed();
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_comes_when_ten_thousand_wait_is_asked_to_come_again()
    {
        await using var core = Core(new FakeTimeProvider());
        var room = await core.RoomAsync();
        using var patience = new CancellationTokenSource();
        await WhileLockedAsync(core, room, async _ =>
        {
            var waiting = Enumerable.Range(0, 10_000).Select(_ => core.Rooms.JoinAsync(room.Id, null, patience.Token)).ToList();
            (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldBeRefused("busy");
            await patience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(waiting));
        });
        (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldSucceed();
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(2);
    }

    [Fact]
    public async Task Who_is_in_the_room_already_takes_nobodys_last_place()
    {
        await using var core = new TestCore(postgres.Cluster.Postgres.ConnectionString, rooms: new RoomOptions { MaxParticipants = 11 });
        var room = (await core.Rooms.CreateAsync("Accounts", null, new RoomSettings(Assurance.Account), default)).ShouldSucceed();
        var accounts = Enumerable.Range(0, 10).Select(_ => Guid.NewGuid()).ToList();
        foreach (var account in accounts)
        {
            (await core.Rooms.JoinAsAccountAsync(room.Id, account, null, default)).ShouldSucceed();
        }

        accounts.Add(Guid.NewGuid());
        var outcomes = await Task.WhenAll(accounts.Select(account => core.Rooms.JoinAsAccountAsync(room.Id, account, null, default)));
        outcomes.ShouldAllBe(outcome => outcome.Refusal == null);
    }

    [Fact]
    public async Task An_ended_room_is_joined_by_none_of_a_crowd()
    {
        await using var core = postgres.Core();
        var room = await core.RoomAsync();
        await core.Rooms.EndAsync(room.Id, default);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => core.Rooms.JoinAsync(room.Id, null, default)));
        outcomes.ShouldAllBe(outcome => outcome.Refusal!.Code == "room.ended");
    }

    // The time limit of a batch must not end a test on a busy machine.
    private TestCore Core(FakeTimeProvider clock) => new(postgres.Cluster.Postgres.ConnectionString, clock: clock);

    /// <summary>Locks the room so that nobody can be stored in it; does this while the first person waits for the lock.</summary>
    private static async Task WhileLockedAsync(TestCore core, RoomInfo room, Func<Task<Outcome<Guid>>, Task> meanwhile)
    {
        await using var connection = await core.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", connection, transaction);
        locking.Parameters.AddWithValue(room.Id);
        await locking.ExecuteNonQueryAsync();
        var first = core.Rooms.JoinAsync(room.Id, "First", default);
        await Until.TrueAsync(
            async () => await core.ReadAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO participants%'") > 0,
            "the first person waits for the room");
        await meanwhile(first);
        await transaction.RollbackAsync();
    }
}
