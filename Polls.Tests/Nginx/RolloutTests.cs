using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;
using Xunit.Abstractions;

namespace Polls.Tests.Nginx;

/// <summary>Instances stop and start behind nginx while clients vote (G1, G5, G10).</summary>
[Collection(nameof(ThroughNginx))]
public sealed class RolloutTests(ThroughNginx cluster, ITestOutputHelper output) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_rolling_restart_under_constant_voting_loses_no_acknowledged_vote_and_heals_every_client()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 30);
        using var socket = RealPhone.Start(cluster.Address, (await cluster.A.JoinAsync(room.Code)).Token, poll, "WebSockets");
        using var events = RealPhone.Start(cluster.Address, (await cluster.A.JoinAsync(room.Code)).Token, poll, "ServerSentEvents");
        using var polling = RealPhone.Start(cluster.Address, (await cluster.A.JoinAsync(room.Code)).Token, poll, "LongPolling");
        RealPhone[] phones = [socket, events, polling];

        using var enough = new CancellationTokenSource();
        var voting = VoteUntilAsync(crowd, poll, enough.Token);
        var asking = AskUntilAsync(enough.Token);
        // An instance counts as failed for 30 s after three refused connections. In the end all three count as failed,
        // although all are healthy.
        foreach (var instance in cluster.Cluster.Instances.ToList())
        {
            await GoOnAsync(crowd, phones);
            await instance.RestartAsync();
            (await File.ReadAllTextAsync(instance.LogPath)).ShouldContain("connections are told to move");
        }

        await GoOnAsync(crowd, phones);
        await enough.CancelAsync();
        await voting;
        var (answers, repeats) = await asking;
        foreach (var phone in phones)
        {
            var revisions = await phone.EndAsync();
            revisions.ShouldBe(Enumerable.Range(1, revisions.Count), $"{phone.Transport}: every revision was acknowledged, in order");
        }

        await crowd.ReconnectAsync();
        crowd.Refusals.Where(code => code is not ("unavailable" or "busy")).ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        (await cluster.TallyAsync(poll))[0].ShouldBe(33);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        output.WriteLine(
            $"{crowd.Receipts.Count} receipts, {crowd.Refusals.Count} refusals and {repeats} of {answers} requests healed by a repeat.");
    }

    [Fact]
    public async Task A_connection_of_several_requests_survives_a_change_of_its_address_mapping()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        // Both have the same address, so they are on the same instance.
        using var events = RealPhone.Start(cluster.Address, (await cluster.A.JoinAsync(room.Code)).Token, poll, "ServerSentEvents");
        using var polling = RealPhone.Start(cluster.Address, (await cluster.A.JoinAsync(room.Code)).Token, poll, "LongPolling");
        RealPhone[] phones = [events, polling];
        await GoOnAsync(phones);
        var connections = await cluster.ConnectionsAsync();
        var home = cluster.Cluster.Instances[Array.IndexOf(connections, connections.Max())];
        await home.RestartAsync();
        await GoOnAsync(phones);

        // A reload resets the failure count of the phones' first instance: HTTP requests go there again, although the
        // phones are connected to another instance.
        var elsewhere = cluster.Cluster.Instances.Select(async (instance, i) => (instance, (await cluster.ConnectionsAsync())[i]));
        var idle = (await Task.WhenAll(elsewhere)).First(item => item.instance != home && item.Item2 == 0).instance;
        var list = Path.Combine(cluster.Cluster.Nginx!.ConfigurationDirectory, "instances.conf");
        cluster.Cluster.Nginx.Serve(cluster.Cluster.Instances.Where(instance => instance != idle));
        try
        {
            await Until.TrueAsync(() => !File.ReadAllText(list).Contains(idle.Address.Authority, StringComparison.Ordinal), "nginx has the new list");
            for (var i = 0; i < 10; i++)
            {
                await GoOnAsync(phones);
            }
        }
        finally
        {
            cluster.Cluster.Nginx.Serve(cluster.Cluster.Instances);
        }

        foreach (var phone in phones)
        {
            var revisions = await phone.EndAsync();
            revisions.ShouldBe(Enumerable.Range(1, revisions.Count), phone.Transport);
        }
    }

    [Fact]
    public async Task Clients_of_a_killed_instance_reconnect_to_others()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 30);
        // nginx may still keep an instance out that an earlier test had stopped.
        var connections = await cluster.ConnectionsAsync();
        var gone = cluster.Cluster.Instances[Array.LastIndexOf(connections, connections.Max())];

        var killed = Stopwatch.GetTimestamp();
        await gone.KillAsync();
        await Until.TrueAsync(() => crowd.Voters.Any(voter => !voter.Client.IsConnected), "its connections are closed");
        await crowd.ReconnectAsync();
        output.WriteLine($"Everyone is back {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.00} s after the kill.");

        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        (await cluster.TallyAsync(poll))[0].ShouldBe(30);
        await crowd.ReconnectAsync();
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
    }

    [Fact]
    public async Task An_instance_that_hangs_gets_no_new_connections_until_it_continues()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        var token = await cluster.A.ScreenTokenAsync(room);
        var hung = cluster.Cluster.Instances[2];
        hung.Suspend();
        var list = Path.Combine(cluster.Cluster.Nginx!.ConfigurationDirectory, "instances.conf");
        var down = $"{hung.Address.Authority} max_fails=3 fail_timeout=30s down;";
        await Until.TrueAsync(() => File.ReadAllText(list).Contains(down, StringComparison.Ordinal), "the instance is not in the list");
        // Of twelve connections it would get at least four. The list takes effect shortly after it is written.
        await Until.TrueAsync(() => AllConnectAsync(token, people: 12), "no connections are sent there", limit: TimeSpan.FromSeconds(60));

        hung.Resume();
        await Until.TrueAsync(() => !File.ReadAllText(list).Contains("down", StringComparison.Ordinal), "nginx uses the instance again");
    }

    [Fact]
    public async Task Nginx_stops_completely_after_its_master_is_killed_and_restarts_on_its_port()
    {
        var nginx = cluster.Cluster.Nginx!;
        var master = int.Parse(await File.ReadAllTextAsync(Path.Combine(nginx.ConfigurationDirectory, "nginx.pid")), CultureInfo.InvariantCulture);
        using (var process = Process.GetProcessById(master))
        {
            // Kills only the master: its workers keep running and hold the port.
            process.Kill();
        }

        await Until.TrueAsync(() => !nginx.IsRunning, "nothing updates the list of instances any more");
        using var listener = new TcpListener(IPAddress.Loopback, nginx.Port);
        listener.Start();
        listener.Stop();
        await nginx.StartAsync();
        await cluster.OpenRoomAsync();

        await nginx.KillAsync();
        listener.Start();
    }

    private async Task<bool> AllConnectAsync(string token, int people)
    {
        var screens = await Task.WhenAll(Enumerable.Range(0, people).Select(async _ =>
        {
            try
            {
                return await RoomClient.ConnectAsync(cluster.Address, token);
            }
            catch (Exception refused) when (refused is OperationCanceledException or InvalidOperationException or System.Net.WebSockets.WebSocketException)
            {
                return null;
            }
        }));
        await Task.WhenAll(screens.OfType<RoomClient>().Select(screen => screen.DisposeAsync().AsTask()));
        return !screens.Contains(null);
    }

    private static async Task VoteUntilAsync(Crowd crowd, Guid poll, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            // A hundred votes a second; as many as possible would starve the restarts and all other tests.
            await crowd.VoteAsync(poll, options: 3, rounds: 1);
            await Task.Delay(300, CancellationToken.None);
        }
    }

    /// <summary>HTTP requests from many different addresses; the test fails if a retry does not succeed.</summary>
    private async Task<(int Answers, int Repeats)> AskUntilAsync(CancellationToken enough)
    {
        var (answers, repeats) = (0, 0);
        for (; !enough.IsCancellationRequested; answers++)
        {
            using var anyone = cluster.From($"198.18.{answers % 250}.1");
            for (var attempt = 0; ; attempt++)
            {
                var (status, code) = await anyone.RefusalAsync(HttpMethod.Post, "/api/rooms", body: new { title = "A room" });
                if (code is null)
                {
                    await Task.Delay(100, CancellationToken.None);
                    break;
                }

                (status, code).ShouldBe((HttpStatusCode.ServiceUnavailable, "unavailable"));
                attempt.ShouldBeLessThan(3, "the retry succeeds");
                repeats++;
                await Task.Delay(1000, CancellationToken.None);
            }
        }

        return (answers, repeats);
    }

    private static async Task GoOnAsync(Crowd crowd, RealPhone[] phones)
    {
        var before = crowd.Receipts.Count;
        await Until.TrueAsync(() => crowd.Receipts.Count > before + 100, "HTTP requests continue");
        await GoOnAsync(phones);
    }

    private static Task GoOnAsync(RealPhone[] phones) => Task.WhenAll(phones.Select(phone =>
    {
        var before = phone.Receipts;
        return Until.TrueAsync(() => phone.Receipts > before + 5, $"the phone on {phone.Transport} keeps voting");
    }));
}
