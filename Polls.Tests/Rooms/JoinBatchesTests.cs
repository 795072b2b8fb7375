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
    public async Task While_a_room_is_locked_its_crowd_waits_others_join_and_who_gives_up_is_not_stored()
    {
        await using var core = postgres.Core();
        var (room, other) = (await core.RoomAsync(), await core.RoomAsync());
        using var patience = new CancellationTokenSource();
        Task<Outcome<Guid>>[] waiting;
        Task<Outcome<Guid>> impatient;
        await using (var connection = await core.Database.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var locking = new NpgsqlCommand("SELECT 1 FROM rooms WHERE id = $1 FOR UPDATE", connection, transaction);
            locking.Parameters.AddWithValue(room.Id);
            await locking.ExecuteNonQueryAsync();
            waiting = [core.Rooms.JoinAsync(room.Id, "First", default)];
            await Until.TrueAsync(
                async () => await core.ReadAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0, "the first person waits for the room");
            waiting = [.. waiting, .. Enumerable.Range(0, 20).Select(i => core.Rooms.JoinAsync(room.Id, $"Person {i}", default))];
            impatient = core.Rooms.JoinAsync(room.Id, "Impatient", patience.Token);
            await patience.CancelAsync();
            (await core.Rooms.JoinAsync(other.Id, null, default)).ShouldSucceed();
            await transaction.RollbackAsync();
        }

        await Should.ThrowAsync<OperationCanceledException>(impatient);
        (await Task.WhenAll(waiting)).ShouldAllBe(outcome => outcome.Refusal == null);
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(21);
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
}
