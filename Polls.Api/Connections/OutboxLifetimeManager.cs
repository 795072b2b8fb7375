using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// Gives each connection of a hub an outbox. Live rooms send to outboxes (<see cref="ConnectionOutboxes"/>), so that a
/// slow client does not slow down others. Sending through <c>hub.Clients</c> would bypass pace, order and visibility,
/// and throws.
/// </summary>
/// <typeparam name="THub">The hub that clients connect to.</typeparam>
internal sealed class OutboxLifetimeManager<THub>(ConnectionOutboxes outboxes) : HubLifetimeManager<THub>
    where THub : Hub
{
    private static readonly Task Refused = Task.FromException(new NotSupportedException(
        $"{typeof(THub).Name} sends through the outboxes of its connections, not through hub.Clients and hub.Groups."));

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        outboxes.Add(connection);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        outboxes.Remove(connection);
        return Task.CompletedTask;
    }

    public override Task SendAllAsync(
        string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        Refused;

    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) =>
        Refused;

    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        Refused;

    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args,
        CancellationToken cancellationToken = default) =>
        Refused;

    public override Task SendGroupAsync(
        string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) => Refused;

    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args,
        CancellationToken cancellationToken = default) =>
        Refused;

    public override Task SendGroupExceptAsync(
        string groupName, string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default) => Refused;

    public override Task SendUserAsync(
        string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) => Refused;

    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args,
        CancellationToken cancellationToken = default) =>
        Refused;

    public override Task AddToGroupAsync(
        string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        Refused;

    public override Task RemoveFromGroupAsync(
        string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        Refused;

    // Clients are never asked for results. Ignore unsolicited ones.
    public override Task SetConnectionResultAsync(string connectionId, CompletionMessage result) => Task.CompletedTask;

    public override bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type)
    {
        type = null;
        return false;
    }
}
