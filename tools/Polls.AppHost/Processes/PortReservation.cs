using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Polls.AppHost.Processes;

/// <summary>
/// Reserves a loopback port for one part for the lifetime of the cluster, even while the part is down, with a socket
/// that is bound but never listens. The part can bind the port too (both sockets allow reuse); other clusters do not
/// pick it.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    // Ports from 32768 on are ephemeral: an outgoing connection could take one at any moment.
    private const int MinPort = 20_000;
    private const int MaxPort = 32_000;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private readonly Socket _socket;

    private PortReservation(Socket socket, int port) => (_socket, Port) = (socket, port);

    public int Port { get; }

    public static PortReservation Free()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (TryBind(RandomNumberGenerator.GetInt32(MinPort, MaxPort), exclusive: true) is { } reservation)
                return reservation;
        }

        throw new StartFailedException($"No free port between {MinPort} and {MaxPort} was found.");
    }

    public static PortReservation Of(int port) =>
        TryBind(port, exclusive: false)
        ?? throw new StartFailedException(
            $"Port {port} on 127.0.0.1 cannot be used: another program listens there, or the system does not allow it. "
                + "Choose another port.");

    public void Dispose() => _socket.Dispose();

    private static PortReservation? TryBind(int port, bool exclusive)
    {
        // .NET sets SO_REUSEADDR on TCP sockets. A search for a free port must fail if the port is bound at all, hence
        // the unspecified protocol; a given port needs reuse, because connections of the last run may be in TIME_WAIT.
        var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, exclusive ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.SetRawSocketOption(SocketLevel, ReuseAddress, BitConverter.GetBytes(1));
            return new(socket, port);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
