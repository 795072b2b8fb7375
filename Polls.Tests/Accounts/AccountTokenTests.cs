using System.Net;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Accounts;

/// <summary>Tokens of accounts live as long as they say, whatever instances do.</summary>
[Collection(nameof(BreakableInstances))]
public sealed class AccountTokenTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Tokens_of_an_instance_are_good_on_the_other_and_after_both_were_started_anew()
    {
        var tokens = await cluster.A.RegisterAsync();
        var room = await cluster.A.CreateRoomAsAsync(tokens.AccessToken);
        await GoodAsync(cluster.B);
        await cluster.Cluster.Instances[0].KillAsync();
        await GoodAsync(cluster.B);
        await cluster.Cluster.Instances[1].RestartAsync();
        await cluster.Cluster.Instances[0].StartAsync();
        await GoodAsync(cluster.A);
        await GoodAsync(cluster.B);

        async Task GoodAsync(TestApi api)
        {
            (await api.RefusalAsync(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-token", tokens.AccessToken)).ShouldBe((HttpStatusCode.OK, null));
            (await api.RefusalAsync(HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = tokens.RefreshToken })).ShouldBe((HttpStatusCode.OK, null));
        }
    }
}
