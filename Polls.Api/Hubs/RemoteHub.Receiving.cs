using System.Buffers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Hubs;

/// <content>What this instance does when another one tells it something. Nothing here blocks the backplane.</content>
internal sealed partial class RemoteHub<THub>
{
    private int unknownFormats;
    private int unreadable;

    private void Receive(string channel, ReadOnlyMemory<byte> message)
    {
        try
        {
            var version = message.Length > 0 ? message.Span[0] : 0;

            // Copied, because outboxes may keep parts of it for longer than this call.
            if (version == HubEnvelope.Version && HubEnvelopeReader.Read(message.ToArray()) is { } envelope)
                Handle(channel, envelope);
            else if (Interlocked.Exchange(ref unknownFormats, 1) == 0)
                HubLog.UnknownFormat(logger, version, channel);
        }
        catch (Exception exception)
        {
            if (Interlocked.Exchange(ref unreadable, 1) == 0) HubLog.Unreadable(logger, exception, channel);
        }
    }

    private void Handle(string channel, HubEnvelope envelope)
    {
        if (envelope.Origin == self) return;
        switch (envelope)
        {
            case HubEnvelope.ToMembers members:
                members.Message.To(Channels.MembersOf(channel, local.Roster), members.Excluded);
                break;
            case HubEnvelope.ToConnections some:
                some.Message.To(local.Roster, some.Receivers);
                break;
            case HubEnvelope.GroupChange change:
                _ = ObeyAsync(change);
                break;
            case HubEnvelope.Call call:
                _ = RelayAsync(call);
                break;
            case HubEnvelope.CallEnded ended:
                Relayed.End(ended.InvocationId, ended.ConnectionId);
                break;
            case HubEnvelope.Acknowledged acknowledged:
                Commands.Acknowledge(acknowledged.Command);
                break;
            case HubEnvelope.Result result:
                local.Results.Complete(Read(result));
                break;
        }
    }

    private async Task ObeyAsync(HubEnvelope.GroupChange change)
    {
        try
        {
            if (local.Roster.Find(change.ConnectionId) is not { } member) return;
            await (change.Add ? AddToGroupAsync(member, change.Group) : RemoveFromGroupAsync(member, change.Group));
            await AcknowledgeAsync(change.Origin, change.Command);
        }
        catch (Exception exception)
        {
            HubLog.AnswerFailed(logger, exception, change.ConnectionId);
        }
    }

    private async Task RelayAsync(HubEnvelope.Call call)
    {
        try
        {
            if (local.Roster.Find(call.ConnectionId) is not { } member) return;
            Relayed.Add(call.InvocationId, member.Id, call.Origin);

            // Published before the client can answer, so that the acknowledgement arrives before the result.
            var acknowledged = AcknowledgeAsync(call.Origin, call.Command);
            call.Message.To(member.Outbox);
            await acknowledged;

            // It may have left before the call was noted, and then nobody would say so.
            if (local.Roster.Find(member.Id) != member) await AnswerDisconnectedAsync(member.Id);
        }
        catch (Exception exception)
        {
            HubLog.AnswerFailed(logger, exception, call.ConnectionId);
        }
    }

    private ValueTask<bool> AcknowledgeAsync(Guid origin, ulong command) =>
        PublishAsync(Channels.Instance(origin), new HubEnvelope.Acknowledged(self, command), CancellationToken.None);

    private CompletionMessage Read(HubEnvelope.Result result)
    {
        if (result.Error is { } error) return CompletionMessage.WithError(result.InvocationId, error);
        var bytes = new ReadOnlySequence<byte>(result.Completion);
        var read = protocols.GetProtocol(result.Protocol, null) is { } protocol
            && protocol.TryParseMessage(ref bytes, new ResultBinder(local.Results), out var message)
                ? message as CompletionMessage
                : null;
        return read ?? CompletionMessage.WithError(result.InvocationId, "The client's result could not be read.");
    }

    private sealed class ResultBinder(ClientResults results) : IInvocationBinder
    {
        public Type GetReturnType(string invocationId) =>
            results.TryGetReturnType(invocationId, out var type) ? type : typeof(object);

        public IReadOnlyList<Type> GetParameterTypes(string methodName) => throw Unexpected();

        public Type GetStreamItemType(string streamId) => throw Unexpected();

        private static InvalidDataException Unexpected() => new("Only results come from other instances.");
    }
}
