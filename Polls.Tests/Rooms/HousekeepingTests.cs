using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>Here a room is idle after an hour, and checked about every second.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class HousekeepingTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_room_without_host_and_votes_is_ended_once_by_one_of_the_instances()
    {
        await using var one = postgres.Core();
        await using var two = postgres.Core();
        var open = await one.OpenAsync();
        var empty = await one.RoomAsync();
        await LeaveAsync(one, open.RoomId, empty.Id);
        var heard = one.Heard.ChangesOf(open.RoomId);
        await Task.WhenAll(one.Housekeeping.StartAsync(default), two.Housekeeping.StartAsync(default));
        await EndedAsync(one, open.RoomId, empty.Id);

        // When either has ended the next room, both have checked again.
        foreach (var next in new[] { await one.RoomAsync(), await one.RoomAsync() })
        {
            await LeaveAsync(one, next.Id);
            await EndedAsync(one, next.Id);
        }

        await Task.WhenAll(one.Housekeeping.StopAsync(default), two.Housekeeping.StopAsync(default));
        (await one.PollAsync(open.Id)).State.ShouldBe(PollState.Closed);
        (await one.RoomAsync(open.RoomId)).Version.ShouldBe(4, "made, poll written, poll opened, ended once");
        (await one.RoomAsync(empty.Id)).Version.ShouldBe(2);
        (one.Heard.ChangesOf(open.RoomId) + two.Heard.ChangesOf(open.RoomId)).ShouldBe(heard + 1);
        (one.Heard.ChangesOf(empty.Id) + two.Heard.ChangesOf(empty.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task A_room_with_a_recent_vote_or_host_is_not_ended()
    {
        await using var core = postgres.Core();
        var abandoned = await core.OpenAsync();
        var voted = await core.OpenAsync();
        var silent = await core.OpenAsync(room: voted.RoomId);
        var hosted = await core.OpenAsync();
        await LeaveAsync(core, abandoned.RoomId, voted.RoomId, hosted.RoomId);
        (await core.CastAsync(voted, Guid.NewGuid(), 0, 0)).Vote.ShouldNotBeNull();
        await core.Rooms.SeeHostsAsync([hosted.RoomId], default);

        // One transaction decides about all of them.
        await core.Housekeeping.StartAsync(default);
        await EndedAsync(core, abandoned.RoomId);
        await core.Housekeeping.StopAsync(default);
        (await core.RoomAsync(voted.RoomId)).State.ShouldBe(RoomStatus.Open);
        (await core.RoomAsync(hosted.RoomId)).State.ShouldBe(RoomStatus.Open);
        (await core.PollAsync(silent.Id)).State.ShouldBe(PollState.Open);
    }

    private static async Task LeaveAsync(TestCore core, params Guid[] rooms)
    {
        await core.RunAsync(
            "UPDATE tallies SET moved_at = now() - interval '2 hours' WHERE poll_id IN (SELECT id FROM polls WHERE room_id = ANY ($1))", rooms);
        await core.RunAsync("UPDATE rooms SET host_seen_at = now() - interval '2 hours' WHERE id = ANY ($1)", rooms);
    }

    private static Task EndedAsync(TestCore core, params Guid[] rooms) => Until.TrueAsync(
        async () => await core.ReadAsync<long>("SELECT count(*) FROM rooms WHERE id = ANY ($1) AND ended_at IS NULL", rooms) == 0,
        "the rooms are ended");
}
