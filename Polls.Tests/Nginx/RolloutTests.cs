using System.Diagnostics;
using System.Globalization;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;
using Xunit.Abstractions;

namespace Polls.Tests.Nginx;

/// <summary>Instances go and come back behind nginx while people vote (G1, G5, G10).</summary>
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
        using var enough = new CancellationTokenSource();
        var voting = VoteUntilAsync(crowd, poll, enough.Token);
        await Until.TrueAsync(() => crowd.Receipts.Count > 100, "people vote");

        foreach (var instance in cluster.Cluster.Instances.ToList())
        {
            var before = crowd.Receipts.Count;
            await instance.RestartAsync();
            (await File.ReadAllTextAsync(instance.LogPath)).ShouldContain("connections are told to move");
            await Until.TrueAsync(() => crowd.Receipts.Count > before + 100, "people go on voting");
        }

        await enough.CancelAsync();
        await voting;
        await crowd.ReconnectAsync();
        crowd.Refusals.Where(code => code is not ("unavailable" or "busy")).ShouldBeEmpty();
        await crowd.ReceiptsAreStoredAsync(poll);
        (await cluster.TallyAsync(poll))[0].ShouldBe(30);
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
        output.WriteLine($"{crowd.Receipts.Count} receipts, {crowd.Refusals.Count} refusals that a repeat healed.");
    }

    [Theory]
    [InlineData("WebSockets")]
    [InlineData("ServerSentEvents")]
    [InlineData("LongPolling")]
    public async Task A_real_client_votes_through_a_rolling_restart_on_each_transport(string transport)
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var person = await cluster.A.JoinAsync(room.Code);
        using var phone = StartPhone(person.Token, poll, transport);
        var receipts = new List<int>();
        var voters = "";
        var reading = Task.Run(async () =>
        {
            while (await phone.StandardOutput.ReadLineAsync() is { } line)
            {
                lock (receipts)
                {
                    if (int.TryParse(line, CultureInfo.InvariantCulture, out var revision)) receipts.Add(revision);
                    else voters = line;
                }
            }
        });
        await GoesOnAsync(receipts);
        foreach (var instance in cluster.Cluster.Instances.ToList())
        {
            await instance.RestartAsync();
            await GoesOnAsync(receipts);
        }

        phone.StandardInput.Close();
        await phone.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        await reading;
        (await phone.StandardError.ReadToEndAsync()).ShouldBeEmpty();
        phone.ExitCode.ShouldBe(0);
        receipts.ShouldBe(Enumerable.Range(1, receipts.Count), "every revision was acknowledged, in order");
        voters.ShouldBe("voters 1");
        (await cluster.CountAsync($"SELECT revision FROM votes WHERE poll_id = '{poll}'")).ShouldBe(receipts.Count);
    }

    [Fact]
    public async Task People_of_a_killed_instance_are_back_on_others()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        await using var crowd = await Crowd.JoinAsync(cluster, room, voters: 30);
        var gone = cluster.Cluster.Instances[1];
        (await ThroughNginx.HealthAsync(gone)).GetProperty("connections").GetInt32().ShouldBeGreaterThan(0);

        var killed = Stopwatch.GetTimestamp();
        await gone.KillAsync();
        await Until.TrueAsync(() => crowd.Voters.Any(voter => !voter.Client.IsConnected), "its people are cut off");
        await crowd.ReconnectAsync();
        output.WriteLine($"Everyone is back {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.00} s after the kill.");

        await crowd.VoteAsync(poll, options: 3, rounds: 1);
        (await cluster.TallyAsync(poll))[0].ShouldBe(30);
        await crowd.ReconnectAsync();
        await cluster.ConvergedAsync(poll, 3, crowd.Screens);
    }

    [Fact]
    public async Task An_instance_that_hangs_gets_no_new_people_and_gets_them_again_when_it_goes_on()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        var token = await cluster.A.ScreenTokenAsync(room);
        var hung = cluster.Cluster.Instances[2];
        hung.Suspend();
        var list = Path.Combine(cluster.Cluster.Nginx!.ConfigurationDirectory, "instances.conf");
        await Until.TrueAsync(() => File.ReadAllText(list).Contains($"{hung.Address.Authority} max_fails=3 fail_timeout=30s down;", StringComparison.Ordinal), "nginx knows");
        for (var i = 0; i < 12; i++)
        {
            await using var screen = await RoomClient.ConnectAsync(cluster.Address, token);
        }

        hung.Resume();
        await Until.TrueAsync(() => !File.ReadAllText(list).Contains("down", StringComparison.Ordinal), "nginx knows that it is back");
    }

    [Fact]
    public async Task Quick_restarts_of_all_instances_leave_nobody_without_an_answer()
    {
        // Each counts as failed for 30 s after three refused connections: in the end all three do, though all are well.
        foreach (var instance in cluster.Cluster.Instances.ToList())
        {
            await instance.StopAsync();
            for (var i = 0; i < 40; i++)
            {
                using var anyone = cluster.From($"198.18.{i}.1");
                await anyone.CreateRoomAsync(TestApi.Draft());
            }

            await instance.StartAsync();
        }
    }

    private static async Task VoteUntilAsync(Crowd crowd, Guid poll, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            await crowd.VoteAsync(poll, options: 3, rounds: 5);
        }
    }

    private static Task GoesOnAsync(List<int> receipts)
    {
        int before;
        lock (receipts) before = receipts.Count;
        return Until.TrueAsync(() => { lock (receipts) return receipts.Count > before + 10; }, "the phone goes on voting");
    }

    private Process StartPhone(string token, Guid poll, string transport)
    {
        var root = AppContext.BaseDirectory;
        while (!Directory.Exists(Path.Combine(root, "Polls.Web"))) root = Path.GetDirectoryName(root)!;
        return Process.Start(new ProcessStartInfo(
            "node", [Path.Combine(root, "Polls.Tests", "Nginx", "keep-voting.mjs"), Path.Combine(root, "Polls.Web"), cluster.Address.AbsoluteUri, token, poll.ToString(), transport])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
    }
}
