using Npgsql;
using Polls.Core.Rooms;
using Polls.Core.Storage;
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
    public async Task What_PostgreSQL_refuses_fails_alone()
    {
        await using var core = postgres.Core();
        var room = await core.RoomAsync();
        var joins = Enumerable.Range(0, 9).Select(i => core.Get<JoinBatches>()
            .AddAsync(room.Id, Guid.NewGuid(), i == 4 ? "A\0n" : "Ann", default)).ToList();
        foreach (var join in joins.Where((_, i) => i != 4))
        {
            (await join).ShouldBe(JoinResult.Stored);
        }

        (await Should.ThrowAsync<PostgresException>(joins[4])).SqlState.ShouldBe(PostgresErrorCodes.CharacterNotInRepertoire);
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
