using Polls.Api.Connections;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Connections;

/// <summary>A participant may have several connections, but not hundreds.</summary>
[Collection(nameof(TwoInstances))]
public sealed class ParticipantConnectionsTests(TwoInstances cluster)
{
    [Fact]
    public void Concurrent_connections_are_admitted_up_to_the_limit_and_closed_ones_are_forgotten()
    {
        var connections = new ParticipantConnections();
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        var taken = 0;
        Parallel.For(0, 200, _ =>
        {
            if (connections.TryAdd(one))
            {
                Interlocked.Increment(ref taken);
            }
        });
        taken.ShouldBe(ParticipantConnections.Most);
        connections.TryAdd(other).ShouldBeTrue();
        Parallel.For(0, ParticipantConnections.Most, _ => connections.Remove(one));
        Enumerable.Range(0, ParticipantConnections.Most).ShouldAllBe(_ => connections.TryAdd(one));
        connections.TryAdd(one).ShouldBeFalse();
    }

    [Fact]
    public async Task A_participant_with_too_many_connections_is_refused_until_one_closes_and_others_are_not_affected()
    {
        var room = await cluster.A.CreateRoomAsync();
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        var phones = await Task.WhenAll(Enumerable.Range(0, ParticipantConnections.Most).Select(_ => RoomClient.ConnectAsync(cluster.A.Address, token)));
        await Should.ThrowAsync<Exception>(() => RoomClient.ConnectAsync(cluster.A.Address, token));
        await using (await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.A.JoinAsync(room.Code)).Token))
        await using (await RoomClient.ConnectAsync(cluster.B.Address, token))
        {
            phones.ShouldAllBe(phone => phone.IsConnected);
        }

        await phones[0].DisposeAsync();
        await Servers.Until.TrueAsync(
            async () =>
            {
                try
                {
                    await using var again = await RoomClient.ConnectAsync(cluster.A.Address, token);
                    return true;
                }
                catch (Exception refused) when (refused is not Xunit.Sdk.XunitException)
                {
                    return false;
                }
            },
            "a place is free again");
        foreach (var phone in phones)
        {
            await phone.DisposeAsync();
        }
    }
}
