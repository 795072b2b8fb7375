using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Backplane;

/// <summary>
/// An in-memory connection that makes a live room a client of <see cref="RoomBackplane"/>. Writing to it handles the
/// message at once, so it never delays the other connections of its group.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The connection context owns no resources.")]
internal sealed class RoomGroupConnection(
    IHubProtocol protocol, Action<RoomMessage> heard, Action<Exception> failed, ILoggerFactory loggers)
    : HubConnectionContext(
        new DefaultConnectionContext(Guid.NewGuid().ToString("N")),
        new HubConnectionContextOptions
        {
            KeepAliveInterval = Timeout.InfiniteTimeSpan, ClientTimeoutInterval = Timeout.InfiniteTimeSpan
        },
        loggers)
{
    public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            var bytes = new ReadOnlySequence<byte>(message.GetSerializedMessage(protocol));
            // Skip messages that only another version of the product knows.
            if (protocol.TryParseMessage(ref bytes, Binder.Instance, out var parsed)
                && parsed is InvocationMessage
                {
                    Target: nameof(IRoomBackplaneClient.RoomMoved), Arguments: [RoomMessage moved]
                })
            {
                heard(moved);
            }
        }
        catch (Exception exception)
        {
            // Rethrowing would prevent delivery to the other listeners of this instance.
            failed(exception);
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Binder : IInvocationBinder
    {
        public static readonly Binder Instance = new();

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [typeof(RoomMessage)];

        public Type GetReturnType(string invocationId) =>
            throw new NotSupportedException("Live rooms return no results.");

        public Type GetStreamItemType(string streamId) =>
            throw new NotSupportedException("Live rooms accept no streams.");
    }
}
