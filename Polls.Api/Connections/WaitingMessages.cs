using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Connections;

/// <summary>Messages in order of arrival. Messages with a key can be replaced or removed in constant time.</summary>
internal sealed class WaitingMessages
{
    private readonly LinkedList<(string? Key, SerializedHubMessage Message)> queue = new();
    private readonly Dictionary<string, LinkedListNode<(string? Key, SerializedHubMessage Message)>> byKey = [];

    public int Count => queue.Count;

    public void Add(string? key, SerializedHubMessage message)
    {
        var node = queue.AddLast((key, message));
        if (key is not null) byKey.Add(key, node);
    }

    /// <summary>Replaces the waiting message with the same key. Returns false if there is none.</summary>
    public bool Replace(string? key, SerializedHubMessage message)
    {
        if (key is null || !byKey.TryGetValue(key, out var node)) return false;
        node.Value = (key, message);
        return true;
    }

    public void Remove(string key)
    {
        if (byKey.Remove(key, out var node)) queue.Remove(node);
    }

    public bool TryTake([NotNullWhen(true)] out SerializedHubMessage? message)
    {
        message = null;
        if (queue.First is not { } first) return false;
        queue.RemoveFirst();
        if (first.Value.Key is { } key) byKey.Remove(key);
        message = first.Value.Message;
        return true;
    }
}
