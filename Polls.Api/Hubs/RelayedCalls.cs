using System.Collections.Concurrent;

namespace Polls.Api.Hubs;

/// <summary>Calls that this instance passed to its connections for another instance, which awaits the result.</summary>
internal sealed class RelayedCalls
{
    private readonly ConcurrentDictionary<string, (string ConnectionId, Guid Origin)> calls = new(StringComparer.Ordinal);

    public void Add(string invocationId, string connectionId, Guid origin) => calls[invocationId] = (connectionId, origin);

    public bool Contains(string invocationId) => calls.ContainsKey(invocationId);

    /// <summary>Ends a call if it was made to this connection; who awaits its result, or null.</summary>
    public Guid? End(string invocationId, string connectionId)
    {
        if (!calls.TryGetValue(invocationId, out var call) || call.ConnectionId != connectionId) return null;
        return calls.TryRemove(invocationId, out _) ? call.Origin : null;
    }

    /// <summary>Ends every call to a connection that has gone.</summary>
    public IReadOnlyList<(string InvocationId, Guid Origin)> EndAll(string connectionId)
    {
        if (calls.IsEmpty) return [];
        List<(string InvocationId, Guid Origin)> ended = [];
        foreach (var (invocationId, call) in calls)
        {
            if (call.ConnectionId == connectionId && calls.TryRemove(invocationId, out _)) ended.Add((invocationId, call.Origin));
        }

        return ended;
    }
}
