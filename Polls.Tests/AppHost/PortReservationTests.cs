using System.Net;
using System.Net.Sockets;
using Polls.AppHost;
using Polls.AppHost.Processes;

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
    public void The_part_with_the_reservation_can_listen_on_the_port_also_after_a_restart()
    {
        using var reservation = PortReservation.Free();
        for (var start = 0; start < 2; start++)
        {
            using var server = new TcpListener(IPAddress.Loopback, reservation.Port);
            server.Start();
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, reservation.Port);
            using var accepted = server.AcceptTcpClient();
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
