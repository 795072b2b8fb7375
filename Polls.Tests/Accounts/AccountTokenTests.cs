using System.Net;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Accounts;

/// <summary>Account tokens stay valid for their lifetime, across restarts of instances.</summary>
[Collection(nameof(BreakableInstances))]
public sealed class AccountTokenTests(BreakableInstances cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Signing_out_everywhere_ends_what_hosts_by_account_could_do_and_leaves_their_screens_on()
    {
        var account = (await cluster.A.RegisterAsync()).AccessToken;
        var room = await cluster.A.CreateRoomAsAsync(account);
        var screen = await cluster.A.ScreenTokenAsync(room);
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken)).Code.ShouldBeNull();
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/logout-everywhere", account)).Code.ShouldBeNull();
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/results"), (HttpMethod.Post, "/close"), (HttpMethod.Delete, "")])
        {
            (await cluster.B.RefusalAsync(method, $"/api/rooms/{room.Code}{path}", room.HostToken)).ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));
        }

        (await cluster.B.StateAsync(room.Code, screen)).Code.ShouldBe(room.Code);
    }

    [Fact]
    public async Task Tokens_of_an_instance_are_valid_on_the_other_and_after_a_restart_of_both()
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
