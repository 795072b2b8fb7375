using System.Net;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;

namespace Polls.Tests.Doors;

/// <summary>Where and how long a token is valid.</summary>
[Collection(nameof(DoorInstances))]
public sealed class TokenTests(DoorInstances cluster)
{
    [Fact]
    public async Task Tokens_are_valid_on_every_instance_also_after_a_restart_of_all()
    {
        var hall = await Hall.MakeAsync(cluster.A);
        var onB = await cluster.B.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{hall.Room.Code}/participants", null, new { seat = hall.Seat });
        await WorkAsync(0);
        await Task.WhenAll(cluster.Cluster.Instances.Select(instance => instance.RestartAsync()));
        await WorkAsync(10);

        async Task WorkAsync(int revision)
        {
            foreach (var api in new[] { cluster.A, cluster.B })
            {
                foreach (var token in new[] { hall.Person.Token, onB.Token })
                {
                    await api.VoteAsync(hall.Room.Code, hall.Open, token, revision, 1);
                    await using var phone = await RoomClient.ConnectAsync(api.Address, token);
                    await phone.CastAsync(hall.Open, revision + 1, 0);
                }

                foreach (var role in Enum.GetValues<Role>())
                {
                    (await api.StateAsync(hall.Room.Code, hall.Token(role))).Code.ShouldBe(hall.Room.Code);
                    await using var client = await RoomClient.ConnectAsync(api.Address, hall.Token(role));
                    (await client.GetStateAsync()).Code.ShouldBe(hall.Room.Code);
                }

                (await api.DoAsync(hall.Room, hall.Open, "show-results")).Tally!.Voters.ShouldBe(2);
                revision += 2;
            }
        }
    }

    [Fact]
    public async Task A_token_is_valid_until_it_expires()
    {
        var hall = await Hall.MakeAsync(cluster.A);
        foreach (var role in Enum.GetValues<Role>())
        {
            // The first token is accepted, so the second is refused only because of its lifetime.
            (await RefusalAsync(hall, role, DateTimeOffset.UtcNow.AddMinutes(5))).ShouldBe((HttpStatusCode.OK, null));
            (await RefusalAsync(hall, role, DateTimeOffset.UtcNow.AddSeconds(-1))).ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        }
    }

    private Task<(HttpStatusCode Status, string? Code)> RefusalAsync(Hall hall, Role role, DateTimeOffset expires) =>
        cluster.B.RefusalAsync(HttpMethod.Get, $"/api/rooms/{hall.Room.Code}/state", cluster.Program.Token(hall.Caller(role), expires));
}
