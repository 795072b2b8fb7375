using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Hubs;

/// <summary>How a hub's messages are delivered.</summary>
/// <typeparam name="THub">The hub.</typeparam>
public sealed record HubDeliveryOptions<THub>
    where THub : Hub
{
    /// <summary>How many messages may wait for one connection before it is aborted.</summary>
    public int QueueLimit { get; set; } = 256;

    /// <summary>How long one write to a client may stay pending before the client is aborted.</summary>
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The key under which a call to the clients, given by method and arguments, is a newest state that replaces
    /// an older one still waiting; null for a message that must not be skipped.
    /// </summary>
    public Func<string, object?[], string?> NewestKey { get; set; } = static (_, _) => null;

    /// <summary>How long another instance may take to confirm that it holds a connection, or to subscribe.</summary>
    public TimeSpan RemoteTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a client may take to answer a call that wants a result.</summary>
    public TimeSpan ClientResultTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
