using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Polls.Api.Connections;

namespace Polls.Tests.Connections;

/// <summary>An in-memory connection whose client end the test controls; unread messages wait in the pipe.</summary>
public sealed class TestClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Pipe toServer = new();
    private readonly Pipe toClient;

    public TestClient(string? user = null, bool broken = false, int pauseAt = 65_536)
    {
        toClient = new Pipe(new PipeOptions(pauseWriterThreshold: pauseAt, resumeWriterThreshold: pauseAt / 2));
        var context = new DefaultConnectionContext(
            Guid.NewGuid().ToString("N"),
            new Duplex(toServer.Reader, toClient.Writer),
            new Duplex(toClient.Reader, toServer.Writer));
        var options = new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromMinutes(1) };
        Connection = broken
            ? new BrokenConnection(context, options)
            : new CountedConnection(context, options, this);
        Connection.Protocol = new HubProtocolGuard(new JsonHubProtocol(), maximumRecordBytes: 65_536);
        Connection.UserIdentifier = user;
    }

    public HubConnectionContext Connection { get; }

    /// <summary>How many messages were written, regardless of their content.</summary>
    public int Writes { get; private set; }

    public string Id => Connection.ConnectionId;

    /// <summary>The next message that arrives.</summary>
    public async Task<Received> ReadAsync()
    {
        using var timeout = new CancellationTokenSource(Limit);
        while (true)
        {
            var read = await toClient.Reader.ReadAsync(timeout.Token);
            if (read.Buffer.PositionOf((byte)0x1E) is { } end)
            {
                var message = Received.Parse(read.Buffer.Slice(0, end).ToArray());
                toClient.Reader.AdvanceTo(read.Buffer.GetPosition(1, end));
                return message;
            }

            read.IsCompleted.ShouldBeFalse("The connection ended.");
            toClient.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Asserts that the next message is this one.</summary>
    public async Task GetsAsync(string argument)
    {
        var received = await ReadAsync();
        received.Target.ShouldBe("Hello");
        received.Arguments.ShouldHaveSingleItem().ToString().ShouldBe(argument);
    }

    public void Dispose()
    {
        toClient.Reader.Complete();
        toServer.Writer.Complete();
    }

    public sealed record Received(string Target, string? InvocationId, JsonElement[] Arguments)
    {
        public static Received Parse(byte[] json)
        {
            var root = JsonDocument.Parse(json).RootElement;
            return new Received(
                root.GetProperty("target").GetString()!,
                root.TryGetProperty("invocationId", out var id) ? id.GetString() : null,
                [.. root.GetProperty("arguments").EnumerateArray()]);
        }
    }

    private sealed class CountedConnection(ConnectionContext context, HubConnectionContextOptions options, TestClient client)
        : HubConnectionContext(context, options, NullLoggerFactory.Instance)
    {
        public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
        {
            client.Writes++;
            return base.WriteAsync(message, cancellationToken);
        }
    }

    private sealed class BrokenConnection(ConnectionContext context, HubConnectionContextOptions options)
        : HubConnectionContext(context, options, NullLoggerFactory.Instance)
    {
        public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("This connection is broken.");
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
