using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polls.Core.Polls;
using Polls.Core.Rooms;
using Polls.Core.Telemetry;
using Polls.Tests.Servers;
using Polls.Tests.Votes;

namespace Polls.Tests.Rooms;

/// <summary>Abandoned rooms end, and only those; with several housekeepers at once.</summary>
[Collection(nameof(VoteStore))]
public sealed class HousekeepingTests(VoteStore store)
{
    [Fact]
    public async Task A_room_without_host_and_votes_is_ended_once_and_one_that_anybody_uses_is_not()
    {
        var (abandoned, polls) = await store.OpenPollsAsync();
        var (voted, _) = await store.OpenPollsAsync();
        var (hosted, _) = await store.OpenPollsAsync();
        await store.Cluster.Postgres.ExecuteAsync(
            $"""
            UPDATE rooms SET host_seen_at = now() - interval '13 hours' WHERE id IN ('{abandoned}', '{voted}');
            UPDATE tallies SET moved_at = now() - interval '13 hours' FROM polls WHERE polls.id = poll_id AND room_id IN ('{abandoned}', '{hosted}');
            """);
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var loops = Enumerable.Range(0, 3).Select(_ => new Housekeeping(
            store.Contexts, store.Audience, Options.Create(new HousekeepingOptions { IntervalSeconds = 1 }), TimeProvider.System,
            new PollsMetrics(meters.GetRequiredService<IMeterFactory>()), NullLogger<Housekeeping>.Instance)).ToList();
        await Task.WhenAll(loops.Select(loop => loop.StartAsync(default)));
        await Until.TrueAsync(async () => (await store.Rooms.LoadAsync(abandoned, default))!.Room.State == RoomStatus.Closed, "the room is ended");
        await Task.WhenAll(loops.Select(loop => loop.StopAsync(default)));

        var ended = (await store.Rooms.LoadAsync(abandoned, default))!.Room;
        ended.Version.ShouldBe(3, "made, opened, ended once");
        ended.Polls.ShouldAllBe(poll => poll.Id == polls[0] && poll.State == PollState.Closed);
        (await store.Rooms.LoadAsync(voted, default))!.Room.State.ShouldBe(RoomStatus.Open);
        (await store.Rooms.LoadAsync(hosted, default))!.Room.State.ShouldBe(RoomStatus.Open);
    }
}
