using System.Net;
using Polls.Api.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Accounts;

/// <summary>Rooms in which one account is one voter.</summary>
[Collection(nameof(TwoInstances))]
public sealed class AccountVoterTests(TwoInstances cluster)
{
    private static readonly (HttpStatusCode, string?) Required = (HttpStatusCode.Unauthorized, "auth.required");

    [Fact]
    public async Task An_account_is_one_voter_on_all_its_devices_and_nobody_joins_without_one()
    {
        var room = await RoomAsync();
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var email = TestApi.NewEmail();
        var phone = await JoinAsync(cluster.A, room, (await cluster.A.RegisterAsync(email)).AccessToken);
        var tablet = await JoinAsync(cluster.B, room, (await cluster.B.SignInAsync(email)).AccessToken);
        tablet.ParticipantId.ShouldBe(phone.ParticipantId);
        await cluster.A.VoteAsync(room.Code, poll, phone.Token, 1, 0);
        await cluster.B.VoteAsync(room.Code, poll, tablet.Token, 2, 1);
        (await cluster.A.StateAsync(room.Code, phone.Token)).MyVotes.ShouldHaveSingleItem().Choices.ShouldBe([1]);

        var other = await JoinAsync(cluster.A, room, (await cluster.A.RegisterAsync()).AccessToken);
        other.ParticipantId.ShouldNotBe(phone.ParticipantId);
        await cluster.A.VoteAsync(room.Code, poll, other.Token, 1, 1);
        (await cluster.CountAsync($"SELECT voters FROM tallies WHERE poll_id = '{poll}'")).ShouldBe(2);

        foreach (var token in (string?[])[null, "garbage", room.HostToken, phone.Token])
        {
            (await cluster.A.RefusalAsync(HttpMethod.Post, Path(room), token)).ShouldBe(Required);
        }

        (await cluster.CountAsync($"SELECT count(*) FROM participants WHERE room_id = '{room.RoomId}'")).ShouldBe(2);
        (await cluster.A.SendAsync<RoomSummary>(HttpMethod.Get, $"/api/rooms/{room.Code}")).Assurance.ShouldBe(Assurance.Account);
    }

    [Fact]
    public async Task An_account_that_signed_out_everywhere_cannot_join_and_keeps_its_vote()
    {
        var room = await RoomAsync();
        var account = await cluster.A.RegisterAsync();
        var joined = await JoinAsync(cluster.A, room, account.AccessToken);
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/logout-everywhere", account.AccessToken)).Code.ShouldBeNull();
        (await cluster.B.RefusalAsync(HttpMethod.Post, Path(room), account.AccessToken)).ShouldBe(Required);
        (await cluster.B.StateAsync(room.Code, joined.Token)).Code.ShouldBe(room.Code);
    }

    [Fact]
    public async Task Nothing_stored_or_shown_connects_a_participant_with_an_account()
    {
        var (first, second) = (await RoomAsync(), await RoomAsync());
        var account = (await cluster.A.RegisterAsync()).AccessToken;
        var here = await JoinAsync(cluster.A, first, account);
        var there = await JoinAsync(cluster.A, second, account);
        there.ParticipantId.ShouldNotBe(here.ParticipantId, "rooms do not share votes of an account");
        (await cluster.CountAsync(
            $"SELECT count(*) FROM accounts WHERE id IN (SELECT id FROM participants) OR EXISTS (SELECT FROM participants WHERE id = '{here.ParticipantId}' AND nickname IS NOT NULL)"))
            .ShouldBe(0);
        var key = await cluster.Cluster.Postgres.ExecuteAsync($"SELECT voter_key FROM rooms WHERE id = '{first.RoomId}'");
        using var answer = await cluster.A.SendAsync(HttpMethod.Get, $"/api/rooms/{first.Code}/results", first.HostToken, null);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(key.Trim(), Case.Insensitive);
    }

    [Fact]
    public async Task Joining_other_rooms_works_with_a_token_that_is_not_of_an_account()
    {
        var room = await cluster.A.CreateRoomAsync();
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        (await cluster.A.RefusalAsync(HttpMethod.Post, Path(room), token)).Code.ShouldBeNull();
    }

    private static string Path(CreatedRoom room) => $"/api/rooms/{room.Code}/participants";

    private static Task<JoinedRoom> JoinAsync(TestApi instance, CreatedRoom room, string account) =>
        instance.SendAsync<JoinedRoom>(HttpMethod.Post, Path(room), account);

    private Task<CreatedRoom> RoomAsync() => cluster.A.SendAsync<CreatedRoom>(
        HttpMethod.Post, "/api/rooms", null, new { title = "Members only", assurance = "account", polls = new[] { TestApi.Draft() } });
}
