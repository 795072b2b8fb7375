using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Connections;

/// <summary>
/// Bounds what a client may send before SignalR knows its protocol. From then on <see cref="HubProtocolGuard"/> does; until
/// then SignalR would keep everything that comes, for as long as the handshake may take.
/// </summary>
public static class HandshakeLimit
{
    private const byte RecordSeparator = 0x1E;

    /// <summary>The longest handshake, in bytes; a real one has 32.</summary>
    public const int MaximumBytes = 4096;

    /// <summary>Maps a hub, as <c>MapHub</c> does, behind the limit.</summary>
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

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

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
                    throw new InvalidDataException($"A handshake may have {MaximumBytes} bytes.");
                }
            }

            return result;
        }
    }
}
