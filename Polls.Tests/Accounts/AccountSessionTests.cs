using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Polls.Api.Accounts;
using Polls.Api.Rooms;
using Polls.Core.Sessions;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Connections;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;
using Polls.Tests.Storage;

namespace Polls.Tests.Accounts;

/// <summary>
/// Sessions of accounts: their refresh tokens work once, each can be ended by itself, and what it could do ends with it.
/// </summary>
[Collection(nameof(TwoInstances))]
public sealed class AccountSessionTests(TwoInstances cluster)
{
    private static readonly (HttpStatusCode, string?) Required = (HttpStatusCode.Unauthorized, "auth.required");
    private static readonly (HttpStatusCode, string?) Failed = (HttpStatusCode.Unauthorized, "account.signInFailed");
    private static readonly (HttpStatusCode, string?) Forbidden = (HttpStatusCode.Forbidden, "auth.forbidden");
    private readonly string email = TestApi.NewEmail();

    [Fact]
    public async Task A_refresh_token_that_is_used_again_after_its_successor_ends_the_session_and_no_other()
    {
        var other = await cluster.A.RegisterAsync(email);
        var first = await cluster.A.SignInAsync(email);
        var second = await RefreshAsync(cluster.B, first);
        var third = await RefreshAsync(cluster.A, second);
        await WorksAsync(third);

        (await TryToRefreshAsync(first)).ShouldBe(Required);
        (await TryToRefreshAsync(third)).ShouldBe(Required, "the honest client cannot know it from the thief");
        foreach (var ended in (AccessTokenResponse[])[first, second, third])
        {
            await EndedAsync(ended);
        }

        await WorksAsync(await RefreshAsync(cluster.B, other));
    }

    [Fact]
    public async Task A_refresh_whose_answer_was_lost_can_be_repeated_for_two_minutes()
    {
        var first = await cluster.A.RegisterAsync(email);
        await RefreshAsync(cluster.A, first);
        var repeated = await RefreshAsync(cluster.B, first);
        await WorksAsync(repeated);
        var next = await RefreshAsync(cluster.A, repeated);

        await AgeAsync("renewed_at = renewed_at - interval '2 minutes'");
        (await TryToRefreshAsync(repeated)).ShouldBe(Required);
        await EndedAsync(next);
    }

    [Fact]
    public async Task Pages_that_refresh_at_the_same_time_stay_signed_in()
    {
        var first = await cluster.A.RegisterAsync(email);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => RefreshAsync(i % 2 == 0 ? cluster.A : cluster.B, first)));
        foreach (var answer in answers)
        {
            await WorksAsync(answer);
        }

        await WorksAsync(await RefreshAsync(cluster.B, answers[3]));
        (await CountAsync("renewals = 2")).ShouldBe(1);
    }

    [Fact]
    public async Task A_session_lives_as_long_as_it_is_renewed_and_expires_otherwise()
    {
        var first = await cluster.A.RegisterAsync(email);
        await AgeAsync("expires_at = clock_timestamp() + interval '1 minute'");
        var second = await RefreshAsync(cluster.A, first);
        (await CountAsync("expires_at > clock_timestamp() + interval '13 days'")).ShouldBe(1);
        var room = await cluster.A.CreateRoomAsAsync(second.AccessToken);
        await AgeAsync("expires_at = clock_timestamp()");
        await EndedAsync(second);
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken)).ShouldBe(Forbidden);
    }

    [Fact]
    public async Task After_a_backup_was_restored_newer_refresh_tokens_are_still_good()
    {
        var third = await RefreshAsync(cluster.A, await RefreshAsync(cluster.A, await cluster.A.RegisterAsync(email)));
        await AgeAsync("renewals = 0");
        await WorksAsync(await RefreshAsync(cluster.B, await RefreshAsync(cluster.A, third)));
    }

    [Fact]
    public async Task One_session_is_signed_out_with_what_it_hosts_and_the_others_stay()
    {
        var (here, there) = (await cluster.A.RegisterAsync(email), await cluster.B.SignInAsync(email));
        var room = await cluster.A.CreateRoomAsAsync(there.AccessToken, TestApi.Draft());
        var own = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-token", here.AccessToken);
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken);
        await using var ownDesk = await RoomClient.ConnectAsync(cluster.A.Address, own.HostToken);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room));

        var poll = desk.Polls.Keys.ShouldHaveSingleItem();

        var listed = await SessionsAsync(here);
        listed.Sessions.Count.ShouldBe(2);
        listed.Sessions.Select(session => session.Id).ShouldContain(listed.Current);
        var other = listed.Sessions.Single(session => session.Id != listed.Current);
        (await cluster.B.RefusalAsync(HttpMethod.Delete, $"/api/accounts/sessions/{other.Id}", here.AccessToken)).ShouldBe((HttpStatusCode.NoContent, null));

        await EndedAsync(there);
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken)).ShouldBe(Forbidden);
        await Until.TrueAsync(() => !desk.IsConnected, "a desk of the ended session receives nothing any more");
        await Should.ThrowAsync<Exception>(() => RoomClient.ConnectAsync(cluster.B.Address, room.HostToken));
        (await cluster.B.RefusalAsync(HttpMethod.Delete, $"/api/accounts/sessions/{other.Id}", here.AccessToken))
            .ShouldBe((HttpStatusCode.NotFound, "account.sessionNotFound"));

        await WorksAsync(here);
        await cluster.A.DoAsync(own, poll, "open");
        await Until.TrueAsync(
            () => ownDesk.Polls[poll].State == PollState.Open && screen.Polls.TryGetValue(poll, out var shown) && shown.State == PollState.Open,
            "the other desk and the screen still receive everything");
        (await SessionsAsync(here)).Sessions.ShouldHaveSingleItem();
        (await LogOutAsync(here)).ShouldBe((HttpStatusCode.NoContent, null));
        await EndedAsync(here);
        (await LogOutAsync(here)).ShouldBe((HttpStatusCode.NoContent, null), "there is nothing left to end");

        Task<(HttpStatusCode, string?)> LogOutAsync(AccessTokenResponse tokens) =>
            cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/logout", null, new { refreshToken = tokens.RefreshToken });
    }

    [Fact]
    public async Task Nobody_ends_or_sees_a_session_of_another_account()
    {
        var mine = await cluster.A.RegisterAsync(email);
        var stranger = await cluster.A.RegisterAsync();
        var session = (await SessionsAsync(mine)).Current;
        (await SessionsAsync(stranger)).Sessions.ShouldHaveSingleItem().Id.ShouldNotBe(session);
        (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/accounts/sessions/{session}", stranger.AccessToken))
            .ShouldBe((HttpStatusCode.NotFound, "account.sessionNotFound"));
        await WorksAsync(mine);
    }

    [Fact]
    public async Task Of_too_many_sessions_the_one_that_was_renewed_longest_ago_ends()
    {
        var oldest = await cluster.A.RegisterAsync(email);
        await AgeAsync("renewed_at = renewed_at - interval '1 hour'");
        await cluster.Cluster.Postgres.ExecuteAsync(
            $"""
            INSERT INTO account_sessions (id, account_id, stamp, renewals, started_at, renewed_at, expires_at)
            SELECT gen_random_uuid(), s.account_id, s.stamp, 0, s.started_at, clock_timestamp(), s.expires_at
            FROM account_sessions s, generate_series(2, {AccountSessions.MostOfOne}) WHERE s.account_id IN ({Account})
            """);
        await WorksAsync(oldest);
        var newest = await cluster.B.SignInAsync(email);
        (await CountAsync("true")).ShouldBe(AccountSessions.MostOfOne);
        await EndedAsync(oldest);
        await WorksAsync(newest);
    }

    [Fact]
    public async Task A_new_password_asks_for_the_second_factor_and_ends_every_earlier_session_and_its_desks()
    {
        var (app, state) = await AuthenticatorApp.SetUpAsync(cluster.A, (await cluster.A.RegisterAsync(email)).AccessToken);
        var tokens = state.Tokens!;
        var room = await cluster.A.CreateRoomAsAsync(tokens.AccessToken);
        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        const string password = "another horse battery";

        (await ChangeAsync(new { oldPassword = TestApi.Password, newPassword = password })).ShouldBe((HttpStatusCode.Unauthorized, "account.codeRequired"));
        (await ChangeAsync(new { oldPassword = TestApi.Password, newPassword = password, twoFactorCode = app.Old() })).ShouldBe(Failed);
        (await ChangeAsync(new { oldPassword = "wrong password", newPassword = password, twoFactorCode = app.Next() })).ShouldBe(Failed);
        (await ChangeAsync(new { oldPassword = TestApi.Password, newPassword = "short", twoFactorRecoveryCode = state.RecoveryCodes![0] }))
            .ShouldBe((HttpStatusCode.BadRequest, "account.badPassword"));
        await WorksAsync(tokens);
        (await ChangeAsync(new { oldPassword = TestApi.Password, newPassword = password, twoFactorRecoveryCode = state.RecoveryCodes[0] })).ShouldBe((HttpStatusCode.OK, null));
        await EndedAsync(tokens);
        await Until.TrueAsync(() => !desk.IsConnected, "a desk of an ended session receives nothing any more");
        (await CountAsync("true")).ShouldBe(1);

        Task<(HttpStatusCode, string?)> ChangeAsync(object change) =>
            cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/manage/info", tokens.AccessToken, change);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_account_deletes_itself_with_its_password_and_code_and_its_rooms_if_it_wants(bool deleteRooms)
    {
        var friend = (await cluster.A.RegisterAsync()).AccessToken;
        var (app, state) = await AuthenticatorApp.SetUpAsync(cluster.A, (await cluster.A.RegisterAsync(email)).AccessToken);
        var tokens = state.Tokens!;
        CreatedRoom[] owned = [await cluster.A.CreateRoomAsAsync(tokens.AccessToken), await cluster.A.CreateRoomAsAsync(tokens.AccessToken)];
        var shared = await cluster.A.CreateRoomAsAsync(friend);
        var invitation = await cluster.A.SendAsync<InvitationLink>(HttpMethod.Post, $"/api/accounts/rooms/{shared.RoomId}/host-invitations", friend);
        await cluster.A.SendAsync<JsonElement>(HttpMethod.Post, "/api/accounts/host-invitations/accept", tokens.AccessToken, new { invitation.Invitation });
        var host = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{shared.RoomId}/host-token", tokens.AccessToken);
        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, host.HostToken);

        (await DeleteAsync(new { password = "wrong password", twoFactorCode = app.Next(), deleteRooms })).ShouldBe(Failed);
        (await DeleteAsync(new { password = TestApi.Password, deleteRooms })).ShouldBe((HttpStatusCode.Unauthorized, "account.codeRequired"));
        await WorksAsync(tokens);
        (await DeleteAsync(new { password = TestApi.Password, twoFactorRecoveryCode = state.RecoveryCodes![0], deleteRooms })).ShouldBe((HttpStatusCode.NoContent, null));

        await EndedAsync(tokens);
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password = TestApi.Password })).ShouldBe(Failed);
        await Until.TrueAsync(() => !desk.IsConnected, "its desk in the room of the friend receives nothing any more");
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{shared.Code}/results", shared.HostToken)).Code.ShouldBeNull();
        (await cluster.CountAsync($"SELECT count(*) FROM rooms WHERE id IN ('{owned[0].RoomId}', '{owned[1].RoomId}') AND owner_id IS NULL"))
            .ShouldBe(deleteRooms ? 0 : 2);
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{owned[0].Code}/results", owned[0].HostToken)).Status
            .ShouldBe(deleteRooms ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        await cluster.A.RegisterAsync(email);

        Task<(HttpStatusCode Status, string? Code)> DeleteAsync(object proofs) =>
            cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/delete", tokens.AccessToken, proofs);
    }

    [Fact]
    public async Task A_host_without_an_account_revokes_the_host_tokens_and_goes_on_with_a_new_one()
    {
        var room = await cluster.A.CreateRoomAsync();
        await using var thief = await RoomClient.ConnectAsync(cluster.B.Address, room.HostToken);
        var screenToken = await cluster.A.ScreenTokenAsync(room);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, screenToken);
        await using var voter = await RoomClient.ConnectAsync(cluster.B.Address, (await cluster.A.JoinAsync(room.Code)).Token);

        var attempt = Guid.NewGuid();
        var fresh = await RevokeAsync(cluster.A);
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", fresh)).Code.ShouldBeNull();
        fresh = await RevokeAsync(cluster.B);
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/revoke-host-tokens", room.HostToken, new { attempt = Guid.NewGuid() }))
            .ShouldBe(Forbidden, "only whoever revoked it may repeat that");
        foreach (var path in (string[])["revoke-host-tokens", "lock-joining", "close"])
        {
            (await cluster.B.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/{path}", room.HostToken)).ShouldBe(Forbidden);
        }

        await Until.TrueAsync(() => !thief.IsConnected, "a revoked token receives nothing any more");
        await Should.ThrowAsync<Exception>(() => RoomClient.ConnectAsync(cluster.A.Address, room.HostToken));
        await using var desk = await RoomClient.ConnectAsync(cluster.A.Address, fresh);
        (screen.IsConnected, voter.IsConnected, desk.IsConnected).ShouldBe((true, true, true));
        var results = await cluster.B.SendAsync<JsonElement>(HttpMethod.Get, $"/api/rooms/{room.Code}/results", fresh);
        results.GetProperty("audit").EnumerateArray().Last().GetProperty("what").GetString().ShouldBe("revokeHostTokens");
        results.GetProperty("audit").EnumerateArray().Count(row => row.GetProperty("what").GetString() == "revokeHostTokens").ShouldBe(1);

        await cluster.A.SendAsync<HostToken>(HttpMethod.Post, $"/api/rooms/{room.Code}/revoke-host-tokens", fresh);
        (await cluster.A.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/revoke-host-tokens", room.HostToken, new { attempt })).ShouldBe(Forbidden);

        async Task<string> RevokeAsync(TestApi api) =>
            (await api.SendAsync<HostToken>(HttpMethod.Post, $"/api/rooms/{room.Code}/revoke-host-tokens", room.HostToken, new { attempt })).Token;
    }

    [Fact]
    public async Task A_revoked_host_that_does_not_leave_receives_nothing_more()
    {
        var room = await cluster.A.CreateRoomAsync(TestApi.Draft());
        using var thief = await RawHubClient.ConnectAsync(
            new UriBuilder(cluster.B.Address) { Scheme = "ws", Path = "/hubs/room", Query = $"access_token={room.HostToken}" }.Uri);
        (await thief.ReadAsync()).GetProperty("target").GetString().ShouldBe("RoomState");
        var fresh = (await cluster.A.SendAsync<HostToken>(HttpMethod.Post, $"/api/rooms/{room.Code}/revoke-host-tokens", room.HostToken)).Token;
        const int close = 7;
        while ((await thief.ReadAsync()).GetProperty("type").GetInt32() != close)
        {
        }

        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, fresh);
        var poll = desk.Polls.Keys.ShouldHaveSingleItem();
        await cluster.A.DoAsync(room with { HostToken = fresh }, poll, "open");
        await Until.TrueAsync(() => desk.Polls[poll].State == PollState.Open, "the instance has told its hosts");
        await thief.CallAsync("1", "GetState", "");
        (await thief.ErrorOfAsync("1")).ShouldStartWith("auth.forbidden", customMessage: "and nothing else came before");
    }

    [Fact]
    public async Task A_sign_in_that_began_before_the_password_was_changed_starts_no_session_and_ends_none()
    {
        var first = await cluster.A.RegisterAsync(email);
        var read = (await cluster.Cluster.Postgres.ExecuteAsync($"SELECT id || ' ' || security_stamp FROM accounts WHERE email = '{email}'")).Trim().Split(' ');
        var account = new AccountRow { Id = Guid.Parse(read[0]), SecurityStamp = read[1] };
        await using var core = new TestCore(cluster.Cluster.Postgres.ConnectionString);
        var changed = await cluster.A.SendAsync<AccessTokenResponse>(
            HttpMethod.Post, "/api/accounts/manage/info", first.AccessToken, new { oldPassword = TestApi.Password, newPassword = "another horse battery" });
        (await core.Sessions.StartAsync(account, device: null, TimeSpan.FromDays(1), CancellationToken.None)).ShouldBeNull();
        await WorksAsync(changed);
        (await CountAsync("true")).ShouldBe(1);
    }

    [Fact]
    public async Task Owners_get_a_token_of_their_room_whoever_revoked_the_others()
    {
        var account = (await cluster.A.RegisterAsync(email)).AccessToken;
        var room = await cluster.A.CreateRoomAsAsync(account);
        await cluster.B.SendAsync<HostToken>(HttpMethod.Post, $"/api/rooms/{room.Code}/revoke-host-tokens", room.HostToken);
        (await cluster.A.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", room.HostToken)).ShouldBe(Forbidden);
        var token = (await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-token", account)).HostToken;
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", token)).Code.ShouldBeNull();
    }

    private string Account => $"SELECT id FROM accounts WHERE email = '{email}'";

    private static Task<AccessTokenResponse> RefreshAsync(TestApi api, AccessTokenResponse tokens) =>
        api.SendAsync<AccessTokenResponse>(HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = tokens.RefreshToken });

    private Task<(HttpStatusCode, string?)> TryToRefreshAsync(AccessTokenResponse tokens) =>
        cluster.B.RefusalAsync(HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = tokens.RefreshToken });

    private Task<SessionList> SessionsAsync(AccessTokenResponse tokens) =>
        cluster.B.SendAsync<SessionList>(HttpMethod.Get, "/api/accounts/sessions", tokens.AccessToken);

    private async Task WorksAsync(AccessTokenResponse tokens) =>
        (await cluster.B.RefusalAsync(HttpMethod.Get, "/api/accounts/manage/info", tokens.AccessToken)).ShouldBe((HttpStatusCode.OK, null));

    private async Task EndedAsync(AccessTokenResponse tokens)
    {
        (await cluster.A.RefusalAsync(HttpMethod.Get, "/api/accounts/manage/info", tokens.AccessToken)).ShouldBe(Required);
        (await TryToRefreshAsync(tokens)).ShouldBe(Required);
    }

    private Task<string> AgeAsync(string change) =>
        cluster.Cluster.Postgres.ExecuteAsync($"UPDATE account_sessions SET {change} WHERE account_id IN ({Account})");

    private Task<long> CountAsync(string condition) =>
        cluster.CountAsync($"SELECT count(*) FROM account_sessions WHERE account_id IN ({Account}) AND {condition}");
}
