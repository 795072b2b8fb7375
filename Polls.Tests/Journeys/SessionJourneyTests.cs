using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Polls.Api.Sessions;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Connections over both instances: what Redis knows of them, and what becomes of those that misbehave.</summary>
[Collection(nameof(BreakableInstances))]
public sealed class SessionJourneyTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_session_tells_where_a_participant_is_and_moves_along()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code, "Ann");
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var redis = await cluster.LookIntoRedisAsync();
        Task<Session?> FindAsync() => redis.Sessions.FindAsync(ann.ParticipantId, default);

        var onA = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await Until.TrueAsync(async () => await FindAsync() is not null, "there is a session");
        var first = (await FindAsync())!;
        (first.RoomId, first.InstanceId, first.Nickname, first.LastVote).ShouldBe((room.RoomId, "api-1", "Ann", null));
        first.ConnectionId.ShouldNotBeNullOrEmpty();
        var receipt = await onA.CastAsync(poll, 3, 1);
        await Until.TrueAsync(async () => (await FindAsync())?.LastVote?.Revision == 3, "the session tells of the vote");
        var vote = (await FindAsync())!.LastVote!;
        vote.PollId.ShouldBe(poll);
        vote.CastAt.ShouldBe(receipt.CastAt, TimeSpan.FromMicroseconds(1));
        var life = int.Parse((await cluster.RedisCommandAsync("TTL", $"polls:session:{ann.ParticipantId}")).Single(), CultureInfo.InvariantCulture);
        life.ShouldBeInRange(3500, 3600);
        await Until.TrueAsync(() => host.Participants == 1, "the participant is counted");

        // The phone comes back on the other instance before the first one has noticed that it is gone.
        await using var onB = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        await Until.TrueAsync(async () => (await FindAsync())?.InstanceId == "api-2", "the session moved");
        var moved = (await FindAsync())!;
        moved.ConnectionId.ShouldNotBe(first.ConnectionId);
        moved.LastVote.ShouldBe(vote);
        await Until.TrueAsync(() => host.Participants == 1 && onB.Participants == 1, "the participant is counted once");

        await onA.DisposeAsync();
        await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(cluster.A)).Report.GetProperty("connections").GetInt32() == 1, "only the host is left there");
        (await FindAsync())!.InstanceId.ShouldBe("api-2");
        await onB.DisposeAsync();
        await Until.TrueAsync(async () => await FindAsync() is null, "the session ends with its connection");
        await Until.TrueAsync(() => host.Participants == 0, "nobody is counted");
    }

    [Fact]
    public async Task Two_devices_with_one_token_have_one_vote_and_the_highest_revision_wins()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code);
        await using var host = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await using var tablet = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);

        // Both at once and out of order: even revisions from one device, odd ones from the other.
        await Task.WhenAll(Enumerable.Range(0, 40).Reverse().Select(revision => (revision % 2 == 0 ? phone : tablet).CastAsync(poll, revision, revision % 3)));

        (await cluster.CountAsync($"SELECT revision FROM votes WHERE poll_id = '{poll}'")).ShouldBe(39);
        (await cluster.RecountAsync(poll, 3)).ShouldBe([1, 1, 0, 0], "revision 39 chose option 0");
        (await phone.CastAsync(poll, 5, 2)).Revision.ShouldBe(39, "an older revision changes nothing");
        await cluster.ConvergedAsync(poll, 3, host, phone, tablet);
        (await tablet.GetStateAsync()).MyVotes.ShouldHaveSingleItem().Revision.ShouldBe(39);
        await Until.TrueAsync(() => host.Participants == 1, "two devices of one participant are one participant");
    }

    [Fact]
    public async Task Phones_that_lose_their_connection_all_the_time_lose_no_vote()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 8);
        var voting = crowd.VoteAsync(poll, options: 3, rounds: 25);
        while (!voting.IsCompleted)
        {
            await crowd.Voters[Random.Shared.Next(crowd.Voters.Count)].Client.DisposeAsync();
            await Task.WhenAny(voting, Task.Delay(50));
        }

        await voting;
        await crowd.ReconnectAsync();
        crowd.Refusals.ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        crowd.Screens.Length.ShouldBe(10);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        (await cluster.TallyAsync(poll))[0].ShouldBe(8);
    }

    [Fact]
    public async Task Clients_that_never_read_delay_nobody_and_do_not_grow_the_instance()
    {
        const int Stalled = 20;
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft(options: 20));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 4);
        var stalled = await Task.WhenAll(Enumerable.Range(0, Stalled).Select(async _ => await StallAsync(room.HostToken)));
        await Until.TrueAsync(async () => await ConnectionsAsync() >= Stalled, "the stalled clients are connected");

        // Every change of a poll goes to every connection; tallies in between replace each other.
        for (var i = 0; i < 60; i++)
        {
            await cluster.A.DoAsync(room, poll, i % 2 == 0 ? "hide-results" : "show-results");
            await crowd.VoteAsync(poll, options: 20, rounds: 1);
        }

        var before = ResidentBytes();
        for (var i = 0; i < 200; i++)
        {
            await cluster.A.DoAsync(room, poll, i % 2 == 0 ? "hide-results" : "show-results");
            await crowd.VoteAsync(poll, options: 20, rounds: 1);
        }

        crowd.Refusals.ShouldBeEmpty();
        await cluster.ConvergedAsync(poll, 20, crowd.Screens);
        (ResidentBytes() - before).ShouldBeLessThan(128L * 1024 * 1024);

        // Their pings stop as well: the server lets go of them by itself.
        await Until.TrueAsync(async () => await ConnectionsAsync() <= crowd.Screens.Length, "the stalled clients are dropped", patience: TimeSpan.FromSeconds(75));
        await crowd.VoteAsync(poll, options: 20, rounds: 1);
        await cluster.ConvergedAsync(poll, 20, crowd.Screens);
        foreach (var socket in stalled)
        {
            socket.Dispose();
        }
    }

    private async Task<int> ConnectionsAsync() =>
        (await BreakableInstances.HealthAsync(cluster.B)).Report.GetProperty("connections").GetInt32();

    private long ResidentBytes() => long.Parse(
        File.ReadLines($"/proc/{cluster.Cluster.Instances[1].ProcessId}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>Says hello, and then neither reads nor says anything.</summary>
    private async Task<ClientWebSocket> StallAsync(string token)
    {
        var socket = new ClientWebSocket();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await socket.ConnectAsync(new UriBuilder(cluster.B.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={token}" }.Uri, limit.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, limit.Token);
        return socket;
    }
}
