using System.Net;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;

namespace Polls.Tests.Endpoints;

/// <summary>Where and how long a token is valid.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class TokenTests(EndpointInstances cluster)
{
    [Fact]
    public async Task Tokens_are_valid_on_every_instance()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        var onB = await cluster.B.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{testRoom.Room.Code}/participants", null, new { seat = testRoom.Seat });
        var revision = 0;
        foreach (var api in new[] { cluster.A, cluster.B })
        {
            foreach (var token in new[] { testRoom.Person.Token, onB.Token })
            {
                await api.VoteAsync(testRoom.Room.Code, testRoom.Open, token, revision, 1);
                await using var phone = await RoomClient.ConnectAsync(api.Address, token);
                await phone.CastAsync(testRoom.Open, revision + 1, 0);
            }

            foreach (var role in Enum.GetValues<Role>())
            {
                (await api.StateAsync(testRoom.Room.Code, testRoom.Token(role))).Code.ShouldBe(testRoom.Room.Code);
                await using var client = await RoomClient.ConnectAsync(api.Address, testRoom.Token(role));
                (await client.GetStateAsync()).Code.ShouldBe(testRoom.Room.Code);
            }

            (await api.DoAsync(testRoom.Room, testRoom.Open, "show-results")).Tally!.Voters.ShouldBe(2);
            revision += 2;
        }
    }

    [Fact]
    public async Task A_token_is_valid_until_it_expires()
    {
        var testRoom = await TestRoom.MakeAsync(cluster.A);
        foreach (var role in Enum.GetValues<Role>())
        {
            // The first token is accepted, so the second is refused only because of its lifetime.
            (await RefusalAsync(testRoom, role, DateTimeOffset.UtcNow.AddMinutes(5))).ShouldBe((HttpStatusCode.OK, null));
            (await RefusalAsync(testRoom, role, DateTimeOffset.UtcNow.AddSeconds(-1))).ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        }
    }

    private Task<(HttpStatusCode Status, string? Code)> RefusalAsync(TestRoom testRoom, Role role, DateTimeOffset expires) =>
        cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{testRoom.Room.Code}/state", cluster.Program.Token(testRoom.Caller(role), expires));
}
