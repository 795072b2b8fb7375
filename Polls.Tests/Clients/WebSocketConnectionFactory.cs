using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Polls.Tests.Clients;

/// <summary>
/// Lets Microsoft's SignalR client core speak over a plain WebSocket with negotiation skipped, as our clients do.
/// The token travels in the query, as in browsers.
/// </summary>
internal sealed class WebSocketConnectionFactory(Func<Uri> address) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        // A test's own certificate.
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, errors) => errors == SslPolicyErrors.None || address().IsLoopback;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        await socket.ConnectAsync(address(), limit.Token);
        return WebSocketConnection.Start(socket);
    }

    private sealed class WebSocketConnection : DefaultConnectionContext
    {
        private readonly ClientWebSocket socket;
        private readonly CancellationTokenSource closed = new();

        private WebSocketConnection(ClientWebSocket socket, IDuplexPipe transport, IDuplexPipe application)
            : base(Guid.NewGuid().ToString("N"), transport, application)
        {
            this.socket = socket;
            ConnectionClosed = closed.Token;
        }

        public static WebSocketConnection Start(ClientWebSocket socket)
        {
            var incoming = new Pipe();
            var outgoing = new Pipe();
            var connection = new WebSocketConnection(
                socket, new Duplex(incoming.Reader, outgoing.Writer), new Duplex(outgoing.Reader, incoming.Writer));
            _ = connection.ReceiveAsync(incoming.Writer);
            _ = connection.SendAsync(outgoing.Reader);
            return connection;
        }

        public override void Abort(ConnectionAbortedException abortReason)
        {
            socket.Abort();
            closed.Cancel();
        }

        public override async ValueTask DisposeAsync()
        {
            socket.Abort();
            socket.Dispose();
            await closed.CancelAsync();
            await base.DisposeAsync();
        }

        private async Task ReceiveAsync(PipeWriter writer)
        {
            try
            {
                while (true)
                {
                    var result = await socket.ReceiveAsync(writer.GetMemory(4096), CancellationToken.None);
                    if (result.MessageType == WebSocketMessageType.Close)
                    {
                        break;
                    }

                    writer.Advance(result.Count);
                    await writer.FlushAsync();
                }
            }
            catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server is gone: the hub connection learns it from the end of the pipe.
            }

            await writer.CompleteAsync();
            await closed.CancelAsync();
        }

        private async Task SendAsync(PipeReader reader)
        {
            try
            {
                while (true)
                {
                    var read = await reader.ReadAsync();
                    foreach (var segment in read.Buffer)
                    {
                        await socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                    }

                    reader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                        break;
                    }
                }
            }
            catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or InvalidOperationException)
            {
                // As above.
            }

            await reader.CompleteAsync();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
