using System.Net;
using Polls.Api.Accounts;
using Polls.Api.Rooms;
using Polls.Core.Rooms;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Accounts;

/// <summary>Who may do what with a room of an account: each role at each endpoint, on two instances.</summary>
[Collection(nameof(TwoInstances))]
public sealed class CoHostTests(TwoInstances cluster) : IAsyncLifetime
{
    private static readonly (HttpStatusCode, string?) NotFound = (HttpStatusCode.NotFound, "room.notFound");
    private static readonly (HttpStatusCode, string?) NotOwned = (HttpStatusCode.Forbidden, "room.notOwned");
    private static readonly (HttpStatusCode, string?) NotGood = (HttpStatusCode.Gone, "invitation.notGood");
    private readonly string email = TestApi.NewEmail();
    private string owner = "";
    private string coHost = "";
    private CreatedRoom room = null!;

    public async Task InitializeAsync()
    {
        owner = (await cluster.A.RegisterAsync()).AccessToken;
        coHost = (await cluster.A.RegisterAsync(email)).AccessToken;
        room = await cluster.A.CreateRoomAsAsync(owner, TestApi.Draft());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Changes_of_hosts_are_in_the_audit_trail_and_the_screen_of_a_removed_host_is_disconnected()
    {
        var id = await IdAsync(coHost);
        var (kept, taken) = (await InviteAsync(), await InviteAsync());
        (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{room.RoomId}/host-invitations/{taken.Id}", owner)).Code.ShouldBeNull();
        await AcceptAsync(kept, coHost);
        var token = (await cluster.B.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-token", coHost)).HostToken;
        var screen = (await cluster.B.SendAsync<ScreenToken>(HttpMethod.Post, $"/api/rooms/{room.Code}/screens", token)).Token;
        await cluster.A.StateAsync(room.Code, screen);
        await RemoveAsync(id);
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", screen)).ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));

        var results = await cluster.A.SendAsync<System.Text.Json.JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken);
        var ownerName = results.GetProperty("audit")[0].GetProperty("who").GetString();
        results.GetProperty("audit").EnumerateArray().Select(row => (row.GetProperty("who").GetString(), row.GetProperty("what").GetString())).ShouldBe(
        [
            (ownerName, "createRoom"), (ownerName, "inviteHost"), (ownerName, "inviteHost"), (ownerName, "revokeHostInvitation"),
            ($"account:{id}", "acceptHostInvitation"), ($"account:{id}", "addScreen"), (ownerName, "removeHost"),
        ]);
    }

    [Theory]
    [InlineData("POST", "/host-token", true)]
    [InlineData("POST", "/reopen", false)]
    [InlineData("GET", "/hosts", false)]
    [InlineData("POST", "/host-invitations", false)]
    [InlineData("DELETE", "/host-invitations/{invitation}", false)]
    [InlineData("DELETE", "/hosts/{host}", false)]
    [InlineData("DELETE", "", false)]
    public async Task A_stranger_finds_nothing_a_co_host_may_only_host_and_the_owner_may_do_everything(string method, string path, bool forCoHosts)
    {
        var invitation = await InviteAsync();
        await AcceptAsync(invitation, coHost);
        var other = (await cluster.A.RegisterAsync()).AccessToken;
        await AcceptAsync(invitation, other);
        var removed = (await cluster.A.RegisterAsync()).AccessToken;
        await AcceptAsync(invitation, removed);
        await RemoveAsync(await IdAsync(removed));
        var stranger = (await cluster.A.RegisterAsync()).AccessToken;

        var full = $"/api/accounts/rooms/{room.RoomId}{path}".Replace("{invitation}", invitation.Id.ToString(), StringComparison.Ordinal)
            .Replace("{host}", (await IdAsync(other)).ToString(), StringComparison.Ordinal);
        var before = await cluster.StoredAsync();
        foreach (var outsider in (string[])[stranger, removed])
        {
            (await cluster.B.RefusalAsync(new HttpMethod(method), full, outsider)).ShouldBe(NotFound);
        }

        var answer = await cluster.B.RefusalAsync(new HttpMethod(method), full, coHost);
        answer.ShouldBe(forCoHosts ? (HttpStatusCode.OK, null) : NotOwned);
        (await cluster.StoredAsync()).ShouldBe(before);
        (await cluster.B.RefusalAsync(new HttpMethod(method), full, owner)).Code.ShouldBeNull();
    }

    [Fact]
    public async Task A_co_host_hosts_the_room_until_removed_and_then_none_of_the_tokens_works()
    {
        await AcceptAsync(await InviteAsync(), coHost);
        var listed = (await cluster.B.SendAsync<RoomPage>(HttpMethod.Get, "/api/accounts/rooms", coHost)).Rooms.ShouldHaveSingleItem();
        (listed.RoomId, listed.Role).ShouldBe((room.RoomId, HostRole.CoHost));
        var hosts = await HostsAsync();
        hosts.CoHosts.ShouldHaveSingleItem().Email.ShouldBe(email);

        var token = await cluster.B.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-token", coHost);
        var poll = (await cluster.A.StateAsync(room.Code, token.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(token, poll, "open");
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, token.HostToken);
        await using var ownDesk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);

        await RemoveAsync(hosts.CoHosts[0].AccountId);
        await Until.TrueAsync(() => !desk.IsConnected, "the connected desk is disconnected, on the other instance");
        ownDesk.IsConnected.ShouldBeTrue();
        foreach (var api in (TestApi[])[cluster.A, cluster.B])
        {
            (await api.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/polls/{poll}/close", token.HostToken))
                .ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));
            (await api.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", token.HostToken))
                .ShouldBe((HttpStatusCode.Forbidden, "auth.forbidden"));
            await Should.ThrowAsync<Exception>(() => RoomClient.ConnectAsync(api.Address, token.HostToken));
        }

        (await cluster.B.SendAsync<RoomPage>(HttpMethod.Get, "/api/accounts/rooms", coHost)).Rooms.ShouldBeEmpty();
        await cluster.A.DoAsync(room, poll, "close");
    }

    [Fact]
    public async Task A_co_host_can_leave()
    {
        await AcceptAsync(await InviteAsync(), coHost);
        (await cluster.B.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{room.RoomId}/hosts/{await IdAsync(coHost)}", coHost)).Code.ShouldBeNull();
        (await HostsAsync()).CoHosts.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_invitation_is_for_one_room_and_valid_until_it_expires_or_is_withdrawn()
    {
        var otherRoom = await cluster.A.CreateRoomAsAsync(owner);
        var (taken, expired, good) = (await InviteAsync(), await InviteAsync(), await InviteAsync());
        good.Link.AbsoluteUri.ShouldEndWith($"/host#cohost={good.Invitation}");
        (await HostsAsync()).Invitations.Count.ShouldBe(3);
        (await cluster.B.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{otherRoom.RoomId}/host-invitations/{taken.Id}", owner))
            .ShouldBe((HttpStatusCode.NotFound, "host.notFound"), "the invitation is for another room");
        (await cluster.B.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{room.RoomId}/host-invitations/{taken.Id}", owner)).Code.ShouldBeNull();
        await cluster.Cluster.Postgres.ExecuteAsync($"UPDATE host_invitations SET expires_at = clock_timestamp() WHERE id = '{expired.Id}'");

        foreach (var secret in (string?[])[taken.Invitation, expired.Invitation, "guessed", "", null])
        {
            (await TryAsync(secret, coHost)).ShouldBe(NotGood);
        }

        (await HostsAsync()).CoHosts.ShouldBeEmpty();
        (await HostsAsync()).Invitations.ShouldHaveSingleItem().Id.ShouldBe(good.Id);
        (await AcceptAsync(good, coHost)).RoomId.ShouldBe(room.RoomId);
        (await AcceptAsync(good, coHost)).Role.ShouldBe(HostRole.CoHost, "repeating it changes nothing");
        (await AcceptAsync(good, owner)).Role.ShouldBe(HostRole.Owner, "the owner stays the owner");
        (await HostsAsync()).CoHosts.ShouldHaveSingleItem();
        (await cluster.CountAsync($"SELECT count(*) FROM host_invitations WHERE encode(secret_hash, 'escape') LIKE '%{good.Invitation}%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_room_has_twenty_co_hosts_and_no_more_also_when_many_come_at_once()
    {
        var invitation = await InviteAsync();
        await cluster.Cluster.Postgres.ExecuteAsync(
            $"""
            WITH made AS (
              INSERT INTO accounts (id, email, normalized_email, password_hash, security_stamp, concurrency_stamp, two_factor_enabled, recovery_codes,
                used_step, attempts, created_at)
              SELECT gen_random_uuid(), n, n, '', '', '', false, array[]::text[], 0, 0, now()
              FROM (SELECT 'crowd-' || gen_random_uuid() AS n FROM generate_series(1, 19)) AS names RETURNING id)
            INSERT INTO room_hosts SELECT '{room.RoomId}', id, now() FROM made
            """);
        var late = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.A.RegisterAsync()));
        var answers = await Task.WhenAll(late.Select((account, i) => TryAsync(invitation.Invitation, account.AccessToken, i == 0 ? cluster.A : cluster.B)));
        answers.Count(answer => answer.Code is null).ShouldBe(1);
        answers.Count(answer => answer == (HttpStatusCode.Conflict, "room.tooManyHosts")).ShouldBe(2);
    }

    private Task<InvitationLink> InviteAsync() =>
        cluster.A.SendAsync<InvitationLink>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-invitations", owner);

    private Task<HostedRoom> AcceptAsync(InvitationLink invitation, string account) => cluster.B.SendAsync<HostedRoom>(
        HttpMethod.Post, "/api/accounts/host-invitations/accept", account, new { invitation = invitation.Invitation });

    private Task<(HttpStatusCode Status, string? Code)> TryAsync(string? invitation, string account, TestApi? api = null) =>
        (api ?? cluster.B).RefusalAsync(HttpMethod.Post, "/api/accounts/host-invitations/accept", account, new { invitation });

    private Task<RoomHosts> HostsAsync() => cluster.B.SendAsync<RoomHosts>(HttpMethod.Get, $"/api/accounts/rooms/{room.RoomId}/hosts", owner);

    private async Task RemoveAsync(Guid account) =>
        (await cluster.B.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{room.RoomId}/hosts/{account}", owner)).Code.ShouldBeNull();

    private async Task<Guid> IdAsync(string account) =>
        (await cluster.A.SendAsync<AccountInfo>(HttpMethod.Get, "/api/accounts/manage/info", account)).AccountId;
}
