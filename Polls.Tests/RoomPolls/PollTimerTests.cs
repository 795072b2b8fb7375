using System.Collections.Concurrent;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.RoomPolls;

[Collection(nameof(SharedPostgres))]
public sealed class PollTimerTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Two_timers_close_each_due_poll_once_and_leave_the_others_open()
    {
        await using var one = postgres.Core();
        await using var two = postgres.Core();
        await Task.WhenAll(one.Timer.StartAsync(default), two.Timer.StartAsync(default));
        var room = await one.RoomAsync();
        var later = await one.DraftAsync(room: room.Id);
        await one.OpenAsync(later, 3600);
        var untimed = await one.OpenAsync(room: room.Id);
        var timed = new List<PollSnapshot>();
        for (var i = 0; i < 5; i++)
        {
            timed.Add(await one.DraftAsync(room: room.Id));
            await one.OpenAsync(timed[i], 1);
        }

        await Until.TrueAsync(
            async () => (await one.RoomAsync(room.Id)).Polls.Count(poll => poll.State == PollState.Closed) == 5, "all five are closed");
        await Task.WhenAll(one.Timer.StopAsync(default), two.Timer.StopAsync(default));
        foreach (var poll in timed)
        {
            (await one.PollAsync(poll.Id)).Version.ShouldBe(3, "drafted, opened, closed once");
        }

        var written = 7 + 7;
        (await one.RoomAsync(room.Id)).Version.ShouldBe(1 + written + 5);
        (one.Heard.ChangesOf(room.Id) + two.Heard.ChangesOf(room.Id)).ShouldBeInRange(written + 1, written + 5, "several may close together");
        (await one.PollAsync(later.Id)).State.ShouldBe(PollState.Open);
        (await one.PollAsync(untimed.Id)).State.ShouldBe(PollState.Open);
        (await one.ReadAsync<bool>("SELECT bool_and(closed_at >= closes_at) FROM polls WHERE room_id = $1 AND state = 2", room.Id))
            .ShouldBeTrue("never early");
    }

    [Fact]
    public async Task Hundreds_of_polls_due_together_are_closed_once_and_in_time_even_if_one_is_locked()
    {
        await using var one = postgres.Core();
        await using var two = postgres.Core();
        var polls = new ConcurrentBag<PollSnapshot>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            var poll = await one.DraftAsync();
            await one.OpenAsync(poll, 3600);
            polls.Add(poll);
        });
        var held = polls.First();
        Guid[] others = [.. polls.Select(poll => poll.Id).Where(id => id != held.Id)];
        await Task.WhenAll(one.Timer.StartAsync(default), two.Timer.StartAsync(default));
        await one.RunAsync(
            "UPDATE polls SET closes_at = clock_timestamp() + interval '3 seconds' WHERE id = ANY ($1)", others.Append(held.Id).ToArray());
        await using (await one.HoldAsync(held.Id))
        {
            await Until.TrueAsync(
                async () => await one.ReadAsync<long>("SELECT count(*) FROM polls WHERE id = ANY ($1) AND state <> 2", others) == 0,
                "all the others are closed");
            (await one.PollAsync(held.Id)).State.ShouldBe(PollState.Open);
        }

        await Until.TrueAsync(async () => (await one.PollAsync(held.Id)).State == PollState.Closed, "the locked one is closed too");
        await Task.WhenAll(one.Timer.StopAsync(default), two.Timer.StopAsync(default));
        (await one.ReadAsync<long>("SELECT count(*) FROM polls WHERE id = ANY ($1) AND version = 3", others.Append(held.Id).ToArray()))
            .ShouldBe(300, "each was drafted, opened, and closed once");
        polls.ShouldAllBe(poll => one.Heard.ChangesOf(poll.RoomId) + two.Heard.ChangesOf(poll.RoomId) == 3);
        var late = await one.ReadAsync<double>(
            "SELECT max(extract(epoch FROM closed_at - closes_at))::float8 FROM polls WHERE id = ANY ($1)", others);
        late.ShouldBeInRange(0, 2, "the promise is a quarter of a second");
    }
}

[Collection(nameof(BreakablePostgres))]
public sealed class PollTimerFaultTests(BreakablePostgres postgres)
{
    [Fact]
    public async Task After_an_outage_of_PostgreSQL_a_timer_closes_all_due_polls()
    {
        await using var core = postgres.Core();
        await core.Timer.StartAsync(default);
        var meanwhile = await core.DraftAsync();
        await core.OpenAsync(meanwhile, 3600);
        await core.RunAsync("UPDATE polls SET closes_at = clock_timestamp() + interval '3 seconds' WHERE id = $1", meanwhile.Id);
        await postgres.Server.KillAsync();
        await postgres.Server.StartAsync();
        await Until.TrueAsync(async () => (await core.PollAsync(meanwhile.Id)).State == PollState.Closed, "the old poll is closed");

        var after = await core.DraftAsync();
        await core.OpenAsync(after, 1);
        await Until.TrueAsync(async () => (await core.PollAsync(after.Id)).State == PollState.Closed, "the new poll is closed");
        await core.Timer.StopAsync(default);
    }
}
