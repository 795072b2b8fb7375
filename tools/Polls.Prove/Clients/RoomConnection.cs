using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Polls.Prove.Clients;

/// <summary>
/// One connection to the hub with Microsoft's client, over a WebSocket without negotiation. It never reconnects.
/// </summary>
internal sealed class RoomConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(5);

    // Give up a lost connection quickly; the package would wait 5 s for a close frame.
    private static readonly TimeSpan CloseLimit = TimeSpan.FromMilliseconds(100);
    private readonly HubConnection hub;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ClientWebSocket? socket;
    private volatile bool isClosing;

    private RoomConnection(Uri address, string token, Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent)
    {
        var hubAddress = new UriBuilder(address)
        {
            Path = "/hubs/room", Query = $"access_token={Uri.EscapeDataString(token)}"
        };
        var builder = new HubConnectionBuilder().WithUrl(hubAddress.Uri, HttpTransportType.WebSockets, options =>
        {
            options.SkipNegotiation = true;
            options.CloseTimeout = CloseLimit;
            options.WebSocketFactory = async (context, cancellationToken) =>
            {
                var opening = socket = new ClientWebSocket();
                await opening.ConnectAsync(context.Uri, cancellationToken);
                return opening;
            };
        });
        builder.Services.AddSingleton<IHubProtocol>(new ObservedProtocol(
            onEvent, OnClose, exception => ended.TrySetException(exception)));
        hub = builder.Build();
        hub.Closed += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
    }

    /// <summary>Completes when the connection has ended; fails if the server sent an unreadable record.</summary>
    public Task Ended => ended.Task;

    /// <summary>Whether the server closed the connection without an error and asked the client to reconnect.</summary>
    public bool WasAskedToReconnect { get; private set; }

    /// <summary>Connects; events are passed on one at a time, with their bytes.</summary>
    /// <exception cref="UnansweredException">Connecting failed or took more than 5 s.</exception>
    public static async Task<RoomConnection> ConnectAsync(
        Uri address, string token, Action<string, JsonElement, ReadOnlyMemory<byte>> onEvent,
        CancellationToken cancellationToken)
    {
        var connection = new RoomConnection(address, token, onEvent);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ConnectLimit);
            await connection.hub.StartAsync(limit.Token);
            return connection;
        }
        catch (Exception failed)
        {
            await connection.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new UnansweredException($"Connecting failed: {failed.Message}", failed);
        }
    }

    /// <summary>Calls a hub method.</summary>
    /// <exception cref="RefusedException">The hub refused.</exception>
    /// <exception cref="UnansweredException">No answer within 5 s, or the connection broke.</exception>
    public async Task<JsonElement> CallAsync(string method, params object[] arguments)
    {
        try
        {
            return await hub.InvokeCoreAsync<JsonElement>(method, arguments).WaitAsync(CallLimit);
        }
        catch (HubException refused) when (!isClosing)
        {
            throw Refused(refused.Message);
        }
        catch (Exception failed)
        {
            throw new UnansweredException(failed.Message, failed);
        }
    }

    /// <summary>Aborts the connection at once, like a phone that loses its network.</summary>
    public void Abort() => socket?.Abort();

    public async ValueTask DisposeAsync()
    {
        Abort();
        await hub.DisposeAsync();
    }

    private void OnClose(JsonElement record)
    {
        // If the record has an error, the package fails open calls with a HubException, which is not an answer to them.
        isClosing = true;
        WasAskedToReconnect = !record.TryGetProperty("error", out _)
            && record.TryGetProperty("allowReconnect", out var again)
            && again.GetBoolean();
    }

    private static RefusedException Refused(string message)
    {
        var colon = message.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? new("internal", message) : new(message[..colon], message[(colon + 2)..]);
    }
}
