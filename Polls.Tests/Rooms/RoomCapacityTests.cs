using Microsoft.Extensions.Time.Testing;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>A room accepts participants up to its capacity, and refuses further ones.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class RoomCapacityTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_full_room_refuses_participants_however_fast_they_join_and_other_rooms_accept_them()
    {
        await using var core = Core(new FakeTimeProvider());
        var (room, other) = (await core.RoomAsync(), await core.RoomAsync());
        for (var i = 0; i < 5; i++)
        {
            (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldSucceed();
        }

        (await core.Rooms.JoinAsync(room.Id, null, default)).ShouldBeRefused("room.full");
        (await core.ReadAsync<long>($"SELECT count(*) FROM participants WHERE room_id = '{room.Id}'")).ShouldBe(5);
        (await core.Rooms.JoinAsync(other.Id, null, default)).ShouldSucceed();
    }

    [Fact]
    public async Task Participants_of_another_instance_are_counted_a_second_later()
    {
        var time = new FakeTimeProvider();
        await using var here = Core(time);
        await using var there = postgres.Core();
        var room = await here.RoomAsync();
        (await here.Rooms.JoinAsync(room.Id, null, default)).ShouldSucceed();
        for (var i = 0; i < 4; i++)
        {
            (await there.Rooms.JoinAsync(room.Id, null, default)).ShouldSucceed();
        }

        time.Advance(TimeSpan.FromSeconds(2));
        (await here.Rooms.JoinAsync(room.Id, null, default)).ShouldBeRefused("room.full");
    }

    [Fact]
    public async Task An_account_that_has_joined_can_rejoin_a_full_room()
    {
        await using var core = Core(new FakeTimeProvider());
        var room = (await core.Rooms.CreateAsync("Full", null, new RoomSettings(Assurance.Account), default)).ShouldSucceed();
        var accounts = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToList();
        var first = (await core.Rooms.JoinAsAccountAsync(room.Id, accounts[0], null, default)).ShouldSucceed();
        foreach (var account in accounts[1..5])
        {
            (await core.Rooms.JoinAsAccountAsync(room.Id, account, null, default)).ShouldSucceed();
        }

        (await core.Rooms.JoinAsAccountAsync(room.Id, accounts[5], null, default)).ShouldBeRefused("room.full");
        (await core.Rooms.JoinAsAccountAsync(room.Id, accounts[0], null, default)).ShouldSucceed().ShouldBe(first);
    }

    private TestCore Core(TimeProvider clock) => new(postgres.Cluster.Postgres.ConnectionString, clock: clock, rooms: new RoomOptions { MaxParticipants = 5 });
}
