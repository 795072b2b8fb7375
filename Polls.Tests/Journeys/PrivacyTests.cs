using System.Net;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Api.Sessions;
using Polls.Tests.Clients;
using Polls.Tests.Redis;
using Polls.Tests.Servers;

namespace Polls.Tests.Journeys;

/// <summary>Rooms without nicknames, and rooms without retention.</summary>
[Collection(nameof(TwoInstances))]
public sealed class PrivacyTests(TwoInstances cluster)
{
    [Theory]
    [InlineData("device")]
    [InlineData("open")]
    [InlineData("seatCode")]
    [InlineData("account")]
    public async Task An_anonymous_room_stores_no_nickname_anywhere(string assurance)
    {
        const string Name = "Grace-who-shall-not-be-known";
        var room = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title = "Secret", anonymous = true, assurance });
        (await cluster.B.SendAsync<RoomSummary>(HttpMethod.Get, $"/api/rooms/{room.Code}")).Anonymous.ShouldBeTrue();
        var seat = assurance == "seatCode"
            ? (await cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 1 })).Seats[0].Code
            : null;
        var account = assurance == "account" ? (await cluster.A.RegisterAsync()).AccessToken : null;
        var joined = await cluster.A.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", account, new { nickname = Name, seat });
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, joined.Token);
        await using var redis = await RedisInstance.ConnectedAsync(cluster.Cluster.Redis!.ConnectionString, "looker");
        Session? session = null;
        await Until.TrueAsync(async () => (session = await redis.Sessions.FindAsync(joined.ParticipantId, default)) is not null, "there is a session");
        session!.Nickname.ShouldBeNull();
        (await cluster.CountAsync($"SELECT count(*) FROM participants WHERE room_id = '{room.RoomId}' AND nickname IS NULL")).ShouldBe(1);
        (await cluster.CountAsync($"SELECT count(*) FROM participants WHERE nickname = '{Name}'")).ShouldBe(0);

        (await cluster.A.SendAsync<RoomSummary>(HttpMethod.Get, $"/api/rooms/{(await cluster.A.CreateRoomAsync()).Code}")).Anonymous.ShouldBeFalse();
    }

    [Fact]
    public async Task A_host_deletes_the_room_and_everything_in_it()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var phone = await cluster.A.JoinAsync(room.Code, "Somebody");
        await cluster.A.VoteAsync(room.Code, poll, phone.Token, 1, 0);
        await using var screen = await RoomClient.ConnectAsync(cluster.B.Address, phone.Token);
        foreach (var token in (string?[])[null, phone.Token, await cluster.A.ScreenTokenAsync(room), (await cluster.A.CreateRoomAsync()).HostToken])
        {
            (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}", token)).Status.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }

        (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}", room.HostToken)).ShouldBe((HttpStatusCode.NoContent, null));
        await Until.TrueAsync(() => screen.RoomClosed, "the room has ended for its participants");
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}")).Code.ShouldBe("room.notFound");
        (await cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", room.HostToken)).Code.ShouldBe("room.notFound");
        (await cluster.CountAsync(
            $"""
             SELECT (SELECT count(*) FROM rooms WHERE id = '{room.RoomId}') + (SELECT count(*) FROM participants WHERE room_id = '{room.RoomId}')
               + (SELECT count(*) FROM votes WHERE poll_id = '{poll}') + (SELECT count(*) FROM audit WHERE room_id = '{room.RoomId}')
             """)).ShouldBe(0);
        (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}", room.HostToken)).Code.ShouldBe("room.notFound");
    }

    [Fact]
    public async Task A_room_of_an_account_can_be_deleted_only_by_that_account()
    {
        var owner = (await cluster.A.RegisterAsync()).AccessToken;
        var room = await cluster.A.CreateRoomAsAsync(owner);
        var invitation = await cluster.A.SendAsync<Api.Accounts.InvitationLink>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-invitations", owner);
        var friend = (await cluster.A.RegisterAsync()).AccessToken;
        await cluster.A.SendAsync<Core.Rooms.HostedRoom>(HttpMethod.Post, "/api/accounts/host-invitations/accept", friend, new { invitation.Invitation });
        var coHost = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{room.RoomId}/host-token", friend);
        (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}", coHost.HostToken)).ShouldBe((HttpStatusCode.Forbidden, "room.notOwned"));
        (await cluster.A.RefusalAsync(HttpMethod.Delete, $"/api/rooms/{room.Code}", room.HostToken)).ShouldBe((HttpStatusCode.NoContent, null));
    }
}
