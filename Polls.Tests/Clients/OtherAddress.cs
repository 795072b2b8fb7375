using System.Net;
using System.Net.Sockets;

namespace Polls.Tests.Clients;

/// <summary>A client that really connects from another address than all other clients.</summary>
internal static class OtherAddress
{
    /// <summary>From 127.0.0.2, which no instance trusts.</summary>
    public static HttpClient Client(Uri server) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }) { BaseAddress = server };
}
