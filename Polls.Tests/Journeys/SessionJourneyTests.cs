using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Polls.Api.Backplane;
using Polls.Api.Rooms;
using Polls.Api.Sessions;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Connections on both instances: what Redis knows about them, and what happens to misbehaving ones.</summary>
[Collection(nameof(BreakableInstances))]
public sealed class SessionJourneyTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_session_records_the_instance_of_a_participant_and_follows_moves()
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
        await Until.TrueAsync(async () => (await FindAsync())?.LastVote?.Revision == 3, "the session has the vote");
        var vote = (await FindAsync())!.LastVote!;
        vote.PollId.ShouldBe(poll);
        vote.CastAt.ShouldBe(receipt.CastAt, TimeSpan.FromMicroseconds(1));
        var life = int.Parse((await cluster.RedisCommandAsync("TTL", $"polls:session:{ann.ParticipantId}")).Single(), CultureInfo.InvariantCulture);
        life.ShouldBeInRange(3500, 3600);
        await Until.TrueAsync(() => host.Participants == 1, "the participant is counted");

        // The phone reconnects to the other instance before the first one has noticed that the connection is lost.
        await using var onB = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        await Until.TrueAsync(async () => (await FindAsync())?.InstanceId == "api-2", "the session moved");
        var moved = (await FindAsync())!;
        moved.ConnectionId.ShouldNotBe(first.ConnectionId);
        moved.LastVote.ShouldBe(vote);
        await Until.TrueAsync(() => host.Participants == 1 && onB.Participants == 1, "the participant is counted once");

        await onA.DisposeAsync();
        await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(cluster.A)).Report.GetProperty("connections").GetInt32() == 1, "only the host's connection remains there");
        (await FindAsync())!.InstanceId.ShouldBe("api-2");
        await onB.DisposeAsync();
        await Until.TrueAsync(async () => await FindAsync() is null, "the session ends with its connection");
        await Until.TrueAsync(() => host.Participants == 0, "the count is zero");
    }

    [Fact]
    public async Task Two_devices_with_one_token_have_one_vote_and_the_highest_revision_wins()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code);
        await using var host = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await using var tablet = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);

        // Both devices at once and out of order: even revisions from one device, odd ones from the other.
        await Task.WhenAll(Enumerable.Range(0, 40).Reverse().Select(revision => (revision % 2 == 0 ? phone : tablet).CastAsync(poll, revision, revision % 3)));

        (await cluster.CountAsync($"SELECT revision FROM votes WHERE poll_id = '{poll}'")).ShouldBe(39);
        (await cluster.RecountAsync(poll, 3)).ShouldBe([1, 1, 0, 0], "revision 39 chose option 0");
        (await phone.CastAsync(poll, 5, 2)).Revision.ShouldBe(39, "an older revision changes nothing");
        await cluster.ConvergedAsync(poll, 3, host, phone, tablet);
        (await tablet.GetStateAsync()).MyVotes.ShouldHaveSingleItem().Revision.ShouldBe(39);
        await Until.TrueAsync(() => host.Participants == 1, "two devices of one participant are one participant");
    }

    [Fact]
    public async Task A_late_report_about_an_older_device_does_not_replace_the_newer_one()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code);
        await using var phone = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await using var redis = await cluster.LookIntoRedisAsync();
        async Task<Session?> FoundAsync() => await redis.Sessions.FindAsync(ann.ParticipantId, default);
        await Until.TrueAsync(async () => (await FoundAsync())?.InstanceId == "api-1", "the session is stored");
        var mine = (await FoundAsync())!;
        var told = new ConcurrentQueue<SessionsMoved>();
        var joined = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hearing = redis.Listeners.Listen(
            room.RoomId,
            message =>
            {
                if (message.Moved is { } moved) told.Enqueue(moved);
            },
            joined.SetResult);
        await joined.Task.WaitAsync(Until.Limit);

        // The test acts as a slow instance.
        await redis.Sessions.OpenAsync(mine with { ConnectionId = "older", InstanceId = "slow" }, default);
        var late = new SessionsMoved([new SessionMove(ann.ParticipantId, mine.LastSeen.AddMinutes(-1))], "slow");
        await redis.Rooms.Clients.Group(RoomBackplane.GroupOf(room.RoomId)).RoomMoved(new RoomMessage(Moved: late));

        await Until.TrueAsync(
            async () => await FoundAsync() is { InstanceId: "api-1" } session && session.ConnectionId == mine.ConnectionId,
            "the session belongs to the newer device again");
        await Until.TrueAsync(
            () => told.Any(moved => moved.InstanceId == "api-1" && moved.Sessions.Any(
                session => session.ParticipantId == ann.ParticipantId && session.ConnectedAt > late.Sessions[0].ConnectedAt)),
            "the slow instance is told not to count the older one");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_the_newer_tab_on_another_instance_closes_the_instance_of_the_older_tab_counts_the_participant(bool killed)
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code, "Ann");
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var redis = await cluster.LookIntoRedisAsync();
        async Task<bool> IsOnAsync(string instance) => (await redis.Sessions.FindAsync(ann.ParticipantId, default))?.InstanceId == instance;
        await using var older = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await Until.TrueAsync(() => host.Participants == 1, "the participant is counted");
        await using var newer = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        await Until.TrueAsync(() => IsOnAsync("api-2"), "the session belongs to the newer tab");
        await Until.TrueAsync(() => host.Participants == 1 && newer.Participants == 1, "two tabs are one participant");
        // An instance that dies before it reports the move leaves the other one counting, which is also correct.
        await Until.TrueAsync(
            async () => await redis.Presence.ReportsAsync(room.RoomId, "api-2", default) && !await redis.Presence.ReportsAsync(room.RoomId, "api-1", default),
            "the participant is counted where the newer tab is, and only there");

        await (killed ? cluster.Cluster.Instances[1].KillAsync() : newer.DisposeAsync().AsTask());

        await Until.TrueAsync(() => IsOnAsync("api-1"), "the session belongs to the remaining tab");
        await Until.TrueAsync(
            async () => host.Participants == 1 && older.Participants == 1 && await redis.Presence.CountAsync(room.RoomId, default) == 1,
            "the participant is counted where the remaining tab is");
        var receipt = await older.CastAsync(poll, 0, 2);
        await Until.TrueAsync(
            async () => (await redis.Sessions.FindAsync(ann.ParticipantId, default))?.LastVote?.Revision == receipt.Revision,
            "the session has the vote");
        older.IsConnected.ShouldBeTrue();
        await older.DisposeAsync();
        await Until.TrueAsync(() => host.Participants == 0, "the participant is not counted after that tab has closed too");
    }

    [Fact]
    public async Task Phones_that_moved_or_voted_while_Redis_was_down_are_in_Redis_afterwards()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var ann = await cluster.A.JoinAsync(room.Code, "Ann");
        var bob = await cluster.A.JoinAsync(room.Code, "Bob");
        await using var host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var before = await RoomClient.ConnectAsync(cluster.A.Address, ann.Token);
        await using var stays = await RoomClient.ConnectAsync(cluster.A.Address, bob.Token);
        await before.CastAsync(poll, 0, 0);
        await stays.CastAsync(poll, 0, 0);
        await using (var redis = await cluster.LookIntoRedisAsync())
        {
            await Until.TrueAsync(async () => (await redis.Sessions.FindAsync(ann.ParticipantId, default))?.LastVote?.Revision == 0, "Ann's vote is recorded");
            await Until.TrueAsync(async () => (await redis.Sessions.FindAsync(bob.ParticipantId, default))?.LastVote?.Revision == 0, "Bob's vote is recorded");
        }

        await cluster.Cluster.Redis!.KillAsync();
        foreach (var api in new[] { cluster.A, cluster.B })
        {
            await Until.TrueAsync(async () => (await BreakableInstances.HealthAsync(api)).Status == "degraded", "the instance reports Redis unavailable");
        }

        await before.DisposeAsync();
        await using var after = await RoomClient.ConnectAsync(cluster.B.Address, ann.Token);
        var moved = await after.CastAsync(poll, 7, 1);
        var stayed = await stays.CastAsync(poll, 8, 2);
        await cluster.Cluster.Redis.StartAsync();

        await using var back = await cluster.LookIntoRedisAsync();
        await Until.TrueAsync(
            async () => await back.Sessions.FindAsync(ann.ParticipantId, default) is { InstanceId: "api-2", LastVote.Revision: 7 },
            "Ann's session is on the instance that the phone moved to, with the vote cast there");
        await Until.TrueAsync(
            async () => await back.Sessions.FindAsync(bob.ParticipantId, default) is { InstanceId: "api-1", LastVote.Revision: 8 },
            "Bob's session is on the same instance as before, with the newest vote");
        (await back.Sessions.FindAsync(ann.ParticipantId, default))!.LastVote!.CastAt.ShouldBe(moved.CastAt, TimeSpan.FromMicroseconds(1));
        (await back.Sessions.FindAsync(bob.ParticipantId, default))!.LastVote!.CastAt.ShouldBe(stayed.CastAt, TimeSpan.FromMicroseconds(1));
        await Until.TrueAsync(() => host.Participants == 2 && after.Participants == 2, "both are counted once");
    }

    [Fact]
    public async Task Phones_that_repeatedly_lose_their_connection_lose_no_vote()
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
        const int Stalled = 40;
        // About 27 kB per change on the wire. Buffered for 250 stalled clients, that would be 270 MB.
        var room = await cluster.A.CreateRoomAsync(new PollDraft(
            new('€', 500), PollKind.SingleChoice, [.. Enumerable.Range(1, 20).Select(i => $"{i} {new string('€', 190)}")], null));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 4);
        var stalled = await Task.WhenAll(Enumerable.Range(0, Stalled).Select(_ => StallAsync(room.HostToken)));
        await Until.TrueAsync(async () => await ConnectionsAsync() >= Stalled, "the stalled clients are connected");
        await ChangeAsync(room, poll, times: 50);

        var before = ResidentBytes();
        await ChangeAsync(room, poll, times: 250);
        (ResidentBytes() - before).ShouldBeLessThan(150L * 1024 * 1024);
        await crowd.VoteAsync(poll, options: 20, rounds: 5);
        crowd.Refusals.ShouldBeEmpty();
        await cluster.ConvergedAsync(poll, 20, crowd.Screens);

        // Too many messages wait for them, or for too long: the server aborts their connections.
        var others = crowd.Screens.Length / 2;
        await Until.TrueAsync(async () => await ConnectionsAsync() == others, "the stalled clients are disconnected", limit: TimeSpan.FromSeconds(90));
        await crowd.VoteAsync(poll, options: 20, rounds: 1);
        await cluster.ConvergedAsync(poll, 20, crowd.Screens);
        crowd.Screens.Length.ShouldBe(6, "no other client was disconnected");
        foreach (var socket in stalled)
        {
            socket.Dispose();
        }
    }

    private async Task ChangeAsync(CreatedRoom room, Guid poll, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await cluster.A.DoAsync(room, poll, i % 2 == 0 ? "hide-results" : "show-results");
        }
    }

    private async Task<int> ConnectionsAsync() =>
        (await BreakableInstances.HealthAsync(cluster.B)).Report.GetProperty("connections").GetInt32();

    private long ResidentBytes() => long.Parse(
        File.ReadLines($"/proc/{cluster.Cluster.Instances[1].ProcessId}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;

    /// <summary>Completes the handshake, then neither reads nor sends; its receive buffer is tiny.</summary>
    private async Task<ClientWebSocket> StallAsync(string token)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var narrow = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                await tcp.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(tcp, ownsSocket: true);
            },
        }, disposeHandler: false);
        var socket = new ClientWebSocket();
        var hub = new UriBuilder(cluster.B.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={token}" }.Uri;
        await socket.ConnectAsync(hub, narrow, limit.Token);
        // Without a ping: SignalR would time out only clients that have sent one.
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, limit.Token);
        return socket;
    }
}
