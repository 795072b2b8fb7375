using Polls.AppHost;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Two instances on PostgreSQL alone.</summary>
public sealed class TwoInstancesWithoutRedis : TwoInstances
{
    private protected override ClusterOptions Options { get; } = new() { Throwaway = true, Instances = 2, RedisEnabled = false };
}

/// <summary>Without Redis, one instance works fully in process, and two still converge through PostgreSQL.</summary>
public sealed class WithoutRedisTests(TwoInstancesWithoutRedis cluster) : IClassFixture<TwoInstancesWithoutRedis>
{
    [Fact]
    public async Task One_instance_does_everything_in_process()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var ann = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.A.JoinAsync(room.Code, "Ann")).Token);
        await using var bob = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.A.JoinAsync(room.Code, "Bob")).Token);
        await ann.CastAsync(poll, 0, 0);
        await ann.CastAsync(poll, 1, 1);
        await bob.CastAsync(poll, 0, 2);
        await cluster.ConvergedAsync(poll, 3, host, ann, bob);
        await Until.TrueAsync(() => host.Participants == 2, "both are counted");
        await bob.DisposeAsync();
        await Until.TrueAsync(() => host.Participants == 1, "one is counted");
        await cluster.A.DoAsync(room, poll, "close");
        await Until.TrueAsync(() => ann.Polls[poll].State == PollState.Closed, "the poll is closed");
        (await ann.RefusalAsync("CastVote", poll, new { choices = new[] { 0 }, revision = 9 })).ShouldBe("poll.notOpen");

        var (code, status, report) = await BreakableInstances.HealthAsync(cluster.A);
        (code, status).ShouldBe((200, "healthy"));
        report.GetProperty("redis").GetProperty("status").GetString().ShouldBe("off");
        report.GetProperty("usingRedisBackplane").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Two_instances_still_show_the_same_state()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 10);
        await crowd.VoteAsync(poll, options: 3, rounds: 10);
        crowd.Refusals.ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        var second = await cluster.B.WriteAsync(room, TestApi.Draft("Second", settings: new PollSettings { DurationSeconds = 1 }));
        await cluster.B.DoAsync(room, second.Id, "open");
        await Until.TrueAsync(() => crowd.Screens.All(screen => screen.Polls.GetValueOrDefault(second.Id)?.State == PollState.Closed), "the timed poll is closed everywhere");
        using (await cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/close", room.HostToken, null))
        {
            await Until.TrueAsync(() => crowd.Screens.All(screen => screen.RoomClosed), "everyone is told that the room has ended");
        }
    }
}
