using System.Net;
using System.Net.Sockets;
using Polls.AppHost;
using Polls.AppHost.Processes;
using Polls.Tests.Servers;

namespace Polls.Tests.AppHost;

public sealed class PortReservationTests
{
    [Fact]
    public void A_reserved_port_is_given_out_once_and_is_below_the_ephemeral_range()
    {
        List<PortReservation> taken = [.. Enumerable.Range(0, 300).Select(_ => PortReservation.Free())];

        taken.Select(reservation => reservation.Port).ShouldBeUnique();
        taken.ShouldAllBe(reservation => reservation.Port < 32768);
        taken.ForEach(reservation => reservation.Dispose());
    }

    [Fact]
    public async Task The_part_with_the_reservation_can_listen_on_the_port_also_after_a_restart()
    {
        using var reservation = PortReservation.Free();
        for (var start = 0; start < 2; start++)
        {
            using var server = new TcpListener(IPAddress.Loopback, reservation.Port);
            // A process that another test starts at this moment has all sockets of this one until it runs its program.
            await Until.TrueAsync(() => TryStart(server), "the port is free");
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, reservation.Port);
            using var accepted = await server.AcceptTcpClientAsync();
        }
    }

    private static bool TryStart(TcpListener server)
    {
        try
        {
            server.Start();
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    [Fact]
    public void A_port_in_use_is_refused()
    {
        using var server = new TcpListener(IPAddress.Any, 0);
        server.Start();

        Should.Throw<StartFailedException>(() => PortReservation.Of(((IPEndPoint)server.LocalEndpoint).Port));
    }
}
