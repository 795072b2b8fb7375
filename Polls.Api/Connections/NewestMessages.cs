using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// States that one connection is sent at the same moment, each under a key of its own. To a connection that keeps up they go as one
/// write; where others wait already, each takes the place of its older one.
/// </summary>
public sealed class NewestMessages
{
    /// <summary>Of these, in this order.</summary>
    public NewestMessages(IReadOnlyList<(string Key, SerializedHubMessage Message)> each)
    {
        Each = each;
        Together = each.Count == 1 ? each[0].Message : new SerializedHubMessage(new Batch([.. each.Select(item => item.Message)]));
    }

    /// <summary>How many they are.</summary>
    public int Count => Each.Count;

    internal IReadOnlyList<(string Key, SerializedHubMessage Message)> Each { get; }

    internal SerializedHubMessage Together { get; }

    /// <summary>
    /// One record after the other; <see cref="HubProtocolGuard"/> knows it. SignalR's stateful reconnect, which is not used here, would count it
    /// as one message.
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
