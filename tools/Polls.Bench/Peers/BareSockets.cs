using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Polls.Bench.Peers;

/// <summary>
/// Limit (d): only Kestrel's WebSockets. Any message makes the server send the bytes of one product update to everyone.
/// </summary>
internal static class BareSockets
{
    private static readonly ConcurrentDictionary<Member, bool> Members = new();
    private static readonly SemaphoreSlim Turn = new(1, 1);
    private static long version = 1_000_000;

    public static async Task<int> RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(address);
        await using var app = builder.Build();
        app.UseWebSockets();
        app.MapGet("/health", () => "ok");
        app.MapGet("/bare", AcceptAsync);
        await app.RunAsync();
        return 0;
    }

    private static async Task AcceptAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var member = new Member(socket);
        Members[member] = true;
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                await BroadcastAsync();
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
        }
        finally
        {
            Members.TryRemove(member, out _);
        }
    }

    private static async Task BroadcastAsync()
    {
        await Turn.WaitAsync();
        try
        {
            var message = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"type":1,"target":"TallyChanged","arguments":[{"pollId":"0193e7f4-5a33-7f3e-8d5a-6c1f0a9b"""
                + $$$"""2e77","version":{{{++version}}},"counts":[1234,2345,3456],"voters":7035}]}{{{'\u001e'}}}"""));
            foreach (var (member, _) in Members)
            {
                member.Send(message);
            }
        }
        finally
        {
            Turn.Release();
        }
    }

    private sealed class Member(WebSocket socket)
    {
        private Task last = Task.CompletedTask;

        /// <summary>Sends one message at a time; skips it if the previous one is still being written.</summary>
        public void Send(byte[] message)
        {
            if (last.IsCompleted && socket.State == WebSocketState.Open)
            {
                last = socket.SendAsync(
                    message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).AsTask();
            }
        }
    }
}
