using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Core.Telemetry;

namespace Polls.Api.Hubs;

/// <summary>
/// Delivers a hub's messages within this instance. Every message is encoded once and goes through the outboxes,
/// so no send ever waits for a client.
/// </summary>
/// <typeparam name="THub">The hub.</typeparam>
public sealed class LocalHubLifetimeManager<THub>(
    IHubProtocolResolver protocols,
    IOptions<HubDeliveryOptions<THub>> options,
    PollsMetrics metrics,
    TimeProvider time,
    ILogger<LocalHubLifetimeManager<THub>> logger) : HubLifetimeManager<THub>, IHubOutboxes<THub>
    where THub : Hub
{
    private readonly LocalHub<THub> local = new(protocols, options, metrics, time, logger);

    /// <inheritdoc />
    public IEnumerable<string> Ids => local.Roster.Members.Select(member => member.Key);

    /// <inheritdoc />
    public ConnectionOutbox? FindOutbox(string connectionId) => local.Roster.Find(connectionId)?.Outbox;

    /// <inheritdoc />
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        local.Connect(connection);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        local.Disconnect(connection);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAllExceptAsync(methodName, args, [], cancellationToken);

    /// <inheritdoc />
    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default)
    {
        local.Encode(methodName, args).To(local.Roster.Members, excludedConnectionIds);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendConnectionsAsync([connectionId], methodName, args, cancellationToken);

    /// <inheritdoc />
    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        local.Encode(methodName, args).To(local.Roster, connectionIds.Distinct());
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task SendGroupAsync(
        string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendGroupsAsync([groupName], methodName, args, cancellationToken);

    /// <inheritdoc />
    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        foreach (var group in groupNames) message.To(local.Roster.Group(group));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task SendGroupExceptAsync(
        string groupName,
        string methodName,
        object?[] args,
        IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default)
    {
        local.Encode(methodName, args).To(local.Roster.Group(groupName), excludedConnectionIds);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task SendUserAsync(
        string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendUsersAsync([userId], methodName, args, cancellationToken);

    /// <inheritdoc />
    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        foreach (var user in userIds.Distinct()) message.To(local.Roster.User(user));
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        if (local.Roster.Find(connectionId) is { } member) local.Roster.AddToGroup(member, groupName);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        if (local.Roster.Find(connectionId) is { } member) local.Roster.RemoveFromGroup(member, groupName);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task<T> InvokeConnectionAsync<T>(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken) =>
        local.Roster.Find(connectionId) is { } member
            ? local.InvokeAsync<T>(member, methodName, args, cancellationToken)
            : Task.FromException<T>(new IOException($"Connection '{connectionId}' does not exist."));

    /// <inheritdoc />
    public override Task SetConnectionResultAsync(string connectionId, CompletionMessage result)
    {
        local.Results.Complete(connectionId, result);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type) =>
        local.Results.TryGetReturnType(invocationId, out type);
}
