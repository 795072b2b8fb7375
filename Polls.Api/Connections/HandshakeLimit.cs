using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Connections;

/// <summary>
/// Limits what a client can send during the handshake. Without it, SignalR would buffer everything until the handshake
/// time-out. After the handshake, <see cref="HubProtocolGuard"/> limits each record.
/// </summary>
public static class HandshakeLimit
{
    private const byte RecordSeparator = 0x1E;

    /// <summary>The maximum length of a handshake, in bytes. A real handshake has 32 bytes.</summary>
    public const int MaximumBytes = 4096;

    /// <summary>Maps a hub like <c>MapHub</c>, with this limit.</summary>
    public static IEndpointConventionBuilder MapLimitedHub<THub>(
        this IEndpointRouteBuilder routes, string path, Action<HttpConnectionDispatcherOptions> configure)
        where THub : Hub
    {
        var options = new HttpConnectionDispatcherOptions();
        configure(options);
        var endpoint = routes.MapConnections(path, options, connection => connection
            .Use(next => context =>
            {
                context.Transport = new Limited(context.Transport);
                return next(context);
            })
            .UseHub<THub>());
        endpoint.Add(builder =>
        {
            foreach (var attribute in typeof(THub).GetCustomAttributes(inherit: true))
            {
                builder.Metadata.Add(attribute);
            }

            builder.Metadata.Add(new HubMetadata(typeof(THub)));
        });
        return endpoint;
    }

    private sealed class Limited(IDuplexPipe inner) : IDuplexPipe
    {
        public PipeReader Input { get; } = new FirstRecordLimit(inner.Input);

        public PipeWriter Output => inner.Output;
    }

    private sealed class FirstRecordLimit(PipeReader inner) : PipeReader
    {
        private bool passed;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            passed ? inner.ReadAsync(cancellationToken) : FirstAsync(cancellationToken);

        public override bool TryRead(out ReadResult result)
        {
            var read = inner.TryRead(out result);
            if (read)
            {
                Check(result);
            }

            return read;
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
            inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        private async ValueTask<ReadResult> FirstAsync(CancellationToken cancellationToken) =>
            Check(await inner.ReadAsync(cancellationToken));

        private ReadResult Check(ReadResult result)
        {
            if (!passed)
            {
                var first = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, MaximumBytes));
                passed = first.PositionOf(RecordSeparator) is not null;
                if (!passed && result.Buffer.Length > MaximumBytes)
                {
                    throw new InvalidDataException($"A handshake can have at most {MaximumBytes} bytes.");
                }
            }

            return result;
        }
    }
}
