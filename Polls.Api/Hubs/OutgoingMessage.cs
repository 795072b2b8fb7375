using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Hubs;

/// <summary>A message encoded once for all its receivers, and the key under which it is a newest state, if any.</summary>
internal sealed class OutgoingMessage(IReadOnlyList<SerializedMessage> encodings, string? newestKey)
{
    /// <summary>The message as each hub protocol writes it.</summary>
    public IReadOnlyList<SerializedMessage> Encodings { get; } = encodings;

    public SerializedHubMessage Message { get; } = new(encodings);

    public string? NewestKey { get; } = newestKey;

    /// <summary>
    /// Encodes now, for every protocol: arguments that cannot be serialised fail whoever sends them instead of
    /// cutting off the receivers.
    /// </summary>
    public static OutgoingMessage Encode(IHubProtocolResolver protocols, InvocationMessage invocation, string? newestKey) =>
        new(
            [.. protocols.AllProtocols.Select(protocol => new SerializedMessage(protocol.Name, protocol.GetMessageBytes(invocation)))],
            newestKey);

    public void To(ConnectionOutbox outbox)
    {
        if (NewestKey is null) outbox.Send(Message);
        else outbox.SendNewest(NewestKey, Message);
    }

    public void To(ConcurrentDictionary<string, HubMember>? members, IReadOnlyList<string>? except = null)
    {
        if (members is null) return;
        foreach (var (id, member) in members)
        {
            if (except is null or [] || !except.Contains(id, StringComparer.Ordinal)) To(member.Outbox);
        }
    }

    public void To(HubRoster roster, IEnumerable<string> connectionIds)
    {
        foreach (var id in connectionIds)
        {
            if (roster.Find(id) is { } member) To(member.Outbox);
        }
    }
}
