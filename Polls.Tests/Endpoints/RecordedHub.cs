using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Polls.Tests.Endpoints;

/// <summary>A connection to the hub over one transport, and every byte that it received.</summary>
internal sealed class RecordedHub : IAsyncDisposable
{
    private readonly HubConnection hub;
    private readonly RecordingProtocol protocol = new();

    private RecordedHub(Uri address, string token, HttpTransportType transport)
    {
        Name = $"{transport}";
        var builder = new HubConnectionBuilder().WithUrl(
            new Uri(address, "/hubs/room"), transport, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token));
        builder.Services.AddSingleton<IHubProtocol>(protocol);
        hub = builder.Build();
    }

    public string Name { get; }

    /// <summary>All received messages as they came.</summary>
    public string Received => string.Join('\n', protocol.Received);

    public static async Task<RecordedHub> ConnectAsync(Uri address, string token, HttpTransportType transport)
    {
        var recorded = new RecordedHub(address, token, transport);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await recorded.hub.StartAsync(limit.Token);
        return recorded;
    }

    public async Task CallAsync(string method, params object?[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await hub.InvokeCoreAsync<object>(method, arguments, limit.Token);
    }

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    private sealed class RecordingProtocol : IHubProtocol
    {
        private readonly JsonHubProtocol json = new();

        public ConcurrentQueue<string> Received { get; } = new();

        public string Name => json.Name;

        public int Version => json.Version;

        public TransferFormat TransferFormat => json.TransferFormat;

        public bool IsVersionSupported(int version) => json.IsVersionSupported(version);

        public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) => json.GetMessageBytes(message);

        public void WriteMessage(HubMessage message, IBufferWriter<byte> output) => json.WriteMessage(message, output);

        public bool TryParseMessage(ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
        {
            var before = input;
            if (!json.TryParseMessage(ref input, binder, out message))
            {
                return false;
            }

            Received.Enqueue(Encoding.UTF8.GetString(before.Slice(0, input.Start).ToArray()));
            return true;
        }
    }
}
