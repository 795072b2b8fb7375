using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Polls.AppHost.Processes;

/// <summary>
/// Keeps a loopback port for one part for as long as the cluster lives, also while the part is down: a socket that
/// is bound but never listens. The part can still bind it (both sides allow reuse), another cluster's search cannot.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    // Linux gives outgoing connections the ports from 32768 on: a server's port there may be taken at any moment.
    private const int FirstFree = 20_000;
    private const int EndOfFree = 32_000;
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;
    private readonly Socket _socket;

    private PortReservation(Socket socket, int port) => (_socket, Port) = (socket, port);

    public int Port { get; }

    public static PortReservation Free()
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (TryBind(RandomNumberGenerator.GetInt32(FirstFree, EndOfFree), exclusive: true) is { } reservation)
                return reservation;
        }

        throw new StartFailedException($"No free port between {FirstFree} and {EndOfFree} was found.");
    }

    public static PortReservation Of(int port) =>
        TryBind(port, exclusive: false)
        ?? throw new StartFailedException(
            $"Port {port} on 127.0.0.1 cannot be used: another program listens there, or the system does not allow it. Choose another port.");

    public void Dispose() => _socket.Dispose();

    private static PortReservation? TryBind(int port, bool exclusive)
    {
        // .NET allows reuse on every socket it knows to be TCP. A search wants to be refused when anyone is bound;
        // a given port wants reuse, for connections of the last run may linger on it.
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
