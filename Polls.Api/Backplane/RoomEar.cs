using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Backplane;

/// <summary>
/// The stand-in connection by which a live room is a client of <see cref="RoomBackplane"/>. Writing to it hands the message over at once, so
/// it never delays the others of its group.
/// </summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The connection context stands for nothing that would have to be closed.")]
internal sealed class RoomEar(
    IHubProtocol protocol, Action<RoomMessage> heard, Action<Exception> failed, ILoggerFactory loggers) : HubConnectionContext(
    new DefaultConnectionContext(Guid.NewGuid().ToString("N")),
    new HubConnectionContextOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan, ClientTimeoutInterval = Timeout.InfiniteTimeSpan },
    loggers)
{
    public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        try
        {
            var bytes = new ReadOnlySequence<byte>(message.GetSerializedMessage(protocol));
            // What another version of the product sends and this one does not know is no such invocation, and is skipped.
            if (protocol.TryParseMessage(ref bytes, Binder.Instance, out var parsed)
                && parsed is InvocationMessage { Target: nameof(IRoomBackplaneClient.RoomMoved), Arguments: [RoomMessage moved] })
            {
                heard(moved);
            }
        }
        catch (Exception exception)
        {
            // Thrown on, it would keep the message from the other listeners of this instance.
            failed(exception);
        }

        return ValueTask.CompletedTask;
    }

    private sealed class Binder : IInvocationBinder
    {
        public static readonly Binder Instance = new();

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => [typeof(RoomMessage)];

        public Type GetReturnType(string invocationId) => throw new NotSupportedException("Live rooms are asked for no result.");

        public Type GetStreamItemType(string streamId) => throw new NotSupportedException("Live rooms take no streams.");
    }
}
