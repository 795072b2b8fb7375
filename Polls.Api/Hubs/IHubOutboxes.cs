using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Hubs;

/// <summary>Access to this instance's own connections, for whoever fans out messages by itself.</summary>
/// <typeparam name="THub">The hub.</typeparam>
public interface IHubOutboxes<THub>
    where THub : Hub
{
    /// <summary>The connections of this instance.</summary>
    IEnumerable<string> Ids { get; }

    /// <summary>The outbox of a connection of this instance; null when it is not, or no longer, here.</summary>
    ConnectionOutbox? FindOutbox(string connectionId);
}
