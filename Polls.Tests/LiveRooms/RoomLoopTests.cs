using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Polls.Api.Backplane;
using Polls.Api.Connections;
using Polls.Api.LiveRooms;
using Polls.Api.Presence;
using Polls.Api.Redis;
using Polls.Api.Setup;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.LiveRooms;

/// <summary>The loop of a live room while its work fails.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class RoomLoopTests(SharedPostgres postgres)
{
    [Fact]
    public async Task A_room_whose_work_fails_waits_before_the_next_attempt_whatever_arrives_meanwhile()
    {
        using var metrics = new TestMetrics();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(metrics.Registry).AddOwnMetrics().AddSignalR().AddJsonProtocol();
        builder.AddPollsRedis();
        using var host = builder.Build();
        await using var core = postgres.Core();
        var info = await core.RoomAsync();
        var clock = new CountingClock();
        var live = host.Services.GetRequiredService<LiveRoomMetrics>();
        await using var loop = new RoomLoop(
            new LiveRoom(
                info.Id, "this", core.Reader, new PollLookup(core.Reader), new InProcessPresence(clock),
                host.Services.GetRequiredService<RoomGroups>(), new ParticipantConnections(), clock, live),
            new FanOutOptions(), clock, live, NullLogger.Instance);
        (await loop.Room.StateAsync(new Caller(Role.Host, info.Id, info.Code), default)).ShouldNotBeNull().Refusal.ShouldBeNull();
        await core.Database.DisposeAsync();

        loop.Room.Changed();
        await AttemptsAsync(1);
        for (var i = 0; i < 20; i++)
        {
            var reads = clock.Reads;
            loop.Room.Changed();
            await Until.TrueAsync(() => clock.Reads > reads + 1, "the loop looked whether there is work to do");
        }

        metrics["polls.loop.failures"].ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(2));
        loop.Room.Changed();
        await AttemptsAsync(2);

        Task AttemptsAsync(int attempts) =>
            Until.TrueAsync(() => metrics["polls.loop.failures"] >= attempts, $"attempt {attempts} has failed");
    }

    /// <summary>Counts how often the time is read.</summary>
    private sealed class CountingClock : FakeTimeProvider
    {
        private int reads;

        public int Reads => Volatile.Read(ref reads);

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref reads);
            return base.GetTimestamp();
        }
    }
}
