using Microsoft.AspNetCore.SignalR;

namespace Polls.Api.Hubs;

/// <summary>One connection of this instance. <see cref="Groups"/> and <see cref="Gone"/> belong to the roster's lock.</summary>
internal sealed class HubMember(HubConnectionContext connection, ConnectionOutbox outbox)
{
    public HubConnectionContext Connection { get; } = connection;

    public ConnectionOutbox Outbox { get; } = outbox;

    public string Id => Connection.ConnectionId;

    public HashSet<string> Groups { get; } = new(StringComparer.Ordinal);

    public bool Gone { get; set; }
}
