using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// The JSON hub protocol for a public network. Answers an invalid record with a stable code, if the record identifies
/// its call, and keeps the connection open. Errors contain a code and no boilerplate.
/// <list type="table">
/// <item><term><c>request.malformed</c></term>
/// <description>the record is not JSON, or its arguments do not match</description></item>
/// <item><term><c>request.unknownMethod</c></term>
/// <description>the hub has no such method</description></item>
/// <item><term><c>request.tooLarge</c></term>
/// <description>the record exceeds the limit; it is never buffered in full</description></item>
/// </list>
/// </summary>
/// <remarks>
/// A refused record reaches SignalR as a binding failure, which the dispatcher answers without closing the connection.
/// The hub's own <c>MaximumReceiveMessageSize</c> must be null; otherwise SignalR closes the connection first.
/// </remarks>
public sealed class HubProtocolGuard(IHubProtocol inner, int maximumRecordBytes) : IHubProtocol
{
    /// <summary>
    /// The longest record that a client may send, in bytes of JSON; a longer one is discarded while it arrives.
    /// </summary>
    public const int MaximumRecordBytes = 16 * 1024;

    private const byte RecordSeparator = 0x1E;

    // SignalR creates one binder per connection. The table contains the binders whose current record exceeds the limit.
    private readonly ConditionalWeakTable<IInvocationBinder, Oversize> oversize = [];

    /// <inheritdoc />
    public string Name => inner.Name;

    /// <inheritdoc />
    public int Version => inner.Version;

    /// <inheritdoc />
    public TransferFormat TransferFormat => inner.TransferFormat;

    /// <inheritdoc />
    public bool IsVersionSupported(int version) => inner.IsVersionSupported(version);

    /// <inheritdoc />
    public void WriteMessage(HubMessage message, IBufferWriter<byte> output) =>
        inner.WriteMessage(HubErrors.Reword(message), output);

    /// <inheritdoc />
    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message) =>
        message is NewestMessages.Batch batch ? batch.Write(this) : inner.GetMessageBytes(HubErrors.Reword(message));

    /// <inheritdoc />
    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input, IInvocationBinder binder, [NotNullWhen(true)] out HubMessage? message)
    {
        while (input.PositionOf(RecordSeparator) is { } separator)
        {
            var end = input.GetPosition(1, separator);
            var record = input.Slice(input.Start, end);
            input = input.Slice(end);
            message = Parse(record, binder);
            if (message is not null) return true;
        }

        DiscardOversize(ref input, binder);
        message = null;
        return false;
    }

    // Null for a record to ignore.
    private HubMessage? Parse(ReadOnlySequence<byte> record, IInvocationBinder binder)
    {
        if (oversize.TryGetValue(binder, out var begun))
        {
            oversize.Remove(binder);
            return TooLarge(begun.InvocationId);
        }

        if (record.Length - 1 > maximumRecordBytes)
            return TooLarge(InvocationIdScan.Find(record.Slice(0, maximumRecordBytes)));

        try
        {
            var rest = record;
            if (!inner.TryParseMessage(ref rest, binder, out var message)) return null;
            return message switch
            {
                InvocationBindingFailureMessage failure => Explain(failure, binder),
                // SignalR would treat a call with the properties of a stream item as a stream item and not answer it.
                StreamBindingFailureMessage item when RecordScan.IsCall(record) => Malformed(item.Id),
                _ when !RecordScan.IsOneValue(record) => Malformed(InvocationIdScan.Find(record)),
                _ => message,
            };
        }
        catch (Exception)
        {
            return Malformed(InvocationIdScan.Find(record));
        }
    }

    private void DiscardOversize(ref ReadOnlySequence<byte> input, IInvocationBinder binder)
    {
        if (!oversize.TryGetValue(binder, out _))
        {
            if (input.Length <= maximumRecordBytes) return;
            oversize.Add(binder, new Oversize(InvocationIdScan.Find(input.Slice(0, maximumRecordBytes))));
        }

        input = input.Slice(input.End);
    }

    private static InvocationBindingFailureMessage? Malformed(string? invocationId) =>
        Refuse(invocationId, "", "request.malformed: The record is not a valid hub message.");

    private InvocationBindingFailureMessage? TooLarge(string? invocationId) =>
        Refuse(invocationId, "", $"request.tooLarge: A message can have at most {maximumRecordBytes} bytes.");

    private static InvocationBindingFailureMessage? Explain(
        InvocationBindingFailureMessage failure, IInvocationBinder binder)
    {
        try
        {
            var expected = binder.GetParameterTypes(failure.Target).Count;
            return Refuse(
                failure.InvocationId, failure.Target,
                $"request.malformed: The call must have {expected} arguments of the right types.");
        }
        catch (HubException)
        {
            return Refuse(failure.InvocationId, failure.Target, "request.unknownMethod: This method does not exist.");
        }
    }

    private static InvocationBindingFailureMessage? Refuse(string? invocationId, string target, string error) =>
        string.IsNullOrEmpty(invocationId)
            ? null
            : new InvocationBindingFailureMessage(
                invocationId, target, ExceptionDispatchInfo.Capture(new HubException(error)));

    private sealed record Oversize(string? InvocationId);
}
