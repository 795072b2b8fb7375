using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// States to send to one connection together, each with its own key. A connection that keeps up receives them in one
/// write. On a slower connection, each replaces the waiting state with the same key.
/// </summary>
public sealed class NewestMessages
{
    /// <summary>Creates the set of these messages, in this order.</summary>
    public NewestMessages(IReadOnlyList<(string Key, SerializedHubMessage Message)> each)
    {
        Each = each;
        Together = each.Count == 1
            ? each[0].Message
            : new SerializedHubMessage(new Batch([.. each.Select(item => item.Message)]));
    }

    /// <summary>The number of messages.</summary>
    public int Count => Each.Count;

    internal IReadOnlyList<(string Key, SerializedHubMessage Message)> Each { get; }

    internal SerializedHubMessage Together { get; }

    /// <summary>
    /// The records of all messages, concatenated, for <see cref="HubProtocolGuard"/>. SignalR's stateful reconnect
    /// would count them as one message; it is not used here.
    /// </summary>
    internal sealed class Batch(IReadOnlyList<SerializedHubMessage> messages) : HubMessage
    {
        public byte[] Write(IHubProtocol protocol)
        {
            var records = messages.Select(message => message.GetSerializedMessage(protocol)).ToList();
            var all = new byte[records.Sum(record => record.Length)];
            var end = 0;
            foreach (var record in records)
            {
                record.CopyTo(all.AsMemory(end));
                end += record.Length;
            }

            return all;
        }
    }
}
