using System.Net;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Nginx;

/// <summary>
/// How connections are distributed: a hall behind one address uses all instances, and an added instance gets its share.
/// </summary>
[Collection(nameof(ThroughNginx))]
public sealed class SpreadTests(ThroughNginx cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_hall_behind_one_address_uses_all_instances_and_an_added_one_gets_new_connections()
    {
        await Until.TrueAsync(async () => (await cluster.ConnectionsAsync()).Sum() == 0, "all connections of the previous test are closed");
        var (room, _) = await cluster.OpenRoomAsync();
        var token = await cluster.A.ScreenTokenAsync(room);
        var hall = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => RoomClient.ConnectAsync(cluster.Address, token)));
        var extra = new List<RoomClient>();
        try
        {
            var spread = await cluster.ConnectionsAsync();
            spread.Sum().ShouldBe(300);
            spread.ShouldAllBe(connections => connections >= 75 && connections <= 125, string.Join(' ', spread));

            var added = await cluster.Cluster.AddInstanceAsync();
            await Until.TrueAsync(
                async () =>
                {
                    extra.Add(await RoomClient.ConnectAsync(cluster.Address, token));
                    return (await ThroughNginx.HealthAsync(added)).GetProperty("connections").GetInt32() > 0;
                },
                "the added instance gets new connections");
            hall.ShouldAllBe(screen => screen.IsConnected, "nginx has added the instance without closing a connection");
        }
        finally
        {
            await Task.WhenAll(hall.Concat(extra).Select(screen => screen.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task A_hall_joins_in_one_burst_while_a_flooding_client_is_limited()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        using var hall = cluster.From("203.0.113.7");
        using var abuser = cluster.From("198.51.100.66");
        using var stop = new CancellationTokenSource();
        var refusals = 0;
        var abuse = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var (status, code) = await abuser.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", "no-token-of-ours-at-all");
                refusals += (status, code) == (HttpStatusCode.TooManyRequests, "rateLimited") ? 1 : 0;
            }
        });

        var joined = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => hall.JoinAsync(room.Code)));
        joined.Select(person => person.ParticipantId).Distinct().Count().ShouldBe(300);
        // Within the burst of one client: people behind one address have separate limits if they have tokens.
        await Task.WhenAll(joined.Take(100).Select(person => hall.StateAsync(room.Code, person.Token)));
        await Until.TrueAsync(() => refusals > 0, "the abuser is limited");
        await stop.CancelAsync();
        await abuse;
    }

    [Fact]
    public async Task Votes_over_HTTP_and_over_the_hub_form_one_tally_on_all_instances()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var token = await cluster.A.ScreenTokenAsync(room);
        var screens = await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => RoomClient.ConnectAsync(cluster.Address, token)));
        try
        {
            for (var i = 0; i < 8; i++)
            {
                // ip_hash uses the first three octets.
                using var phone = cluster.From($"198.51.{i}.1");
                var person = await phone.JoinAsync(room.Code);
                await phone.VoteAsync(room.Code, poll, person.Token, 1, i % 3);
                await using var live = await RoomClient.ConnectAsync(cluster.Address, person.Token);
                live.State!.MyVotes.ShouldHaveSingleItem().Choices.ShouldBe([i % 3]);
                (await live.CastAsync(poll, 2, (i + 1) % 3)).Revision.ShouldBe(2);
            }

            (await cluster.ConnectionsAsync()).ShouldAllBe(connections => connections > 0);
            await cluster.ConvergedAsync(poll, 3, screens);
            (await cluster.TallyAsync(poll))[0].ShouldBe(8);
        }
        finally
        {
            await Task.WhenAll(screens.Select(screen => screen.DisposeAsync().AsTask()));
        }
    }
}
