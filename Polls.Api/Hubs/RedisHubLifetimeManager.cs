using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Core.Telemetry;

namespace Polls.Api.Hubs;

/// <summary>
/// Delivers a hub's messages on every instance. Connections of this instance are served first and directly, also
/// while the backplane is away; then the message is published for the other instances, which do the same.
/// </summary>
/// <typeparam name="THub">The hub.</typeparam>
public sealed class RedisHubLifetimeManager<THub> : HubLifetimeManager<THub>, IHubOutboxes<THub>, IDisposable
    where THub : Hub
{
    private readonly LocalHub<THub> local;
    private readonly RemoteHub<THub> remote;

    /// <summary>Prepares; nothing is subscribed before the first connection or command.</summary>
    public RedisHubLifetimeManager(
        IBackplane backplane,
        IHubProtocolResolver protocols,
        IOptions<HubDeliveryOptions<THub>> options,
        PollsMetrics metrics,
        TimeProvider time,
        ILogger<RedisHubLifetimeManager<THub>> logger)
    {
        local = new LocalHub<THub>(protocols, options, metrics, time, logger);
        remote = new RemoteHub<THub>(backplane, local, protocols, options, time, logger);
    }

    /// <inheritdoc />
    public IEnumerable<string> Ids => local.Roster.Members.Select(member => member.Key);

    /// <inheritdoc />
    public ConnectionOutbox? FindOutbox(string connectionId) => local.Roster.Find(connectionId)?.Outbox;

    /// <inheritdoc />
    public void Dispose() => remote.Dispose();

    /// <inheritdoc />
    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        await remote.ListenAsync();
        local.Connect(connection);
        if (connection.UserIdentifier is { Length: > 0 } user)
            await remote.Subscriptions.AddAsync(remote.Channels.User(user));
    }

    /// <inheritdoc />
    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (local.Disconnect(connection) is not { } groups) return;
        List<Task> ends = [remote.AnswerDisconnectedAsync(connection.ConnectionId)];
        ends.AddRange(groups.Select(group => remote.Subscriptions.RemoveAsync(remote.Channels.Group(group))));
        if (connection.UserIdentifier is { Length: > 0 } user)
            ends.Add(remote.Subscriptions.RemoveAsync(remote.Channels.User(user)));
        await Task.WhenAll(ends);
    }

    /// <inheritdoc />
    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendAllExceptAsync(methodName, args, [], cancellationToken);

    /// <inheritdoc />
    public override async Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        message.To(local.Roster.Members, excludedConnectionIds);
        await remote.ToMembersAsync(remote.Channels.All, message, excludedConnectionIds, cancellationToken);
    }

    /// <inheritdoc />
    public override Task SendConnectionAsync(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendConnectionsAsync([connectionId], methodName, args, cancellationToken);

    /// <inheritdoc />
    public override async Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        string[] receivers = [.. connectionIds.Distinct()];
        message.To(local.Roster, receivers);
        string[] elsewhere = [.. receivers.Where(id => local.Roster.Find(id) is null)];
        if (elsewhere.Length > 0) await remote.ToConnectionsAsync(elsewhere, message, cancellationToken);
    }

    /// <inheritdoc />
    public override Task SendGroupAsync(
        string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendGroupExceptAsync(groupName, methodName, args, [], cancellationToken);

    /// <inheritdoc />
    public override async Task SendGroupExceptAsync(
        string groupName,
        string methodName,
        object?[] args,
        IReadOnlyList<string> excludedConnectionIds,
        CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        message.To(local.Roster.Group(groupName), excludedConnectionIds);
        await remote.ToMembersAsync(remote.Channels.Group(groupName), message, excludedConnectionIds, cancellationToken);
    }

    /// <inheritdoc />
    public override async Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        foreach (var group in groupNames) message.To(local.Roster.Group(group));
        await PublishAsync(groupNames.Select(remote.Channels.Group), message, cancellationToken);
    }

    /// <inheritdoc />
    public override Task SendUserAsync(
        string userId, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendUsersAsync([userId], methodName, args, cancellationToken);

    /// <inheritdoc />
    public override async Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        var message = local.Encode(methodName, args);
        string[] receivers = [.. userIds.Distinct()];
        foreach (var user in receivers) message.To(local.Roster.User(user));
        await PublishAsync(receivers.Select(remote.Channels.User), message, cancellationToken);
    }

    /// <inheritdoc />
    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        local.Roster.Find(connectionId) is { } member
            ? remote.AddToGroupAsync(member, groupName)
            : ChangeElsewhereAsync(connectionId, groupName, add: true, cancellationToken);

    /// <inheritdoc />
    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default) =>
        local.Roster.Find(connectionId) is { } member
            ? remote.RemoveFromGroupAsync(member, groupName)
            : ChangeElsewhereAsync(connectionId, groupName, add: false, cancellationToken);

    /// <inheritdoc />
    public override async Task<T> InvokeConnectionAsync<T>(
        string connectionId, string methodName, object?[] args, CancellationToken cancellationToken)
    {
        if (local.Roster.Find(connectionId) is { } member)
            return await local.InvokeAsync<T>(member, methodName, args, cancellationToken);

        await remote.ListenAsync();
        return await remote.InvokeAsync<T>(connectionId, methodName, args, cancellationToken);
    }

    /// <inheritdoc />
    public override async Task SetConnectionResultAsync(string connectionId, CompletionMessage result)
    {
        if (remote.Relayed.End(result.InvocationId!, connectionId) is { } origin)
            await remote.AnswerAsync(origin, local.Roster.Find(connectionId)?.Connection.Protocol, result);
        else
            local.Results.Complete(connectionId, result);
    }

    /// <inheritdoc />
    public override bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type)
    {
        if (local.Results.TryGetReturnType(invocationId, out type)) return true;

        // For another instance: it knows the type, so the result is passed on as the client wrote it.
        type = remote.Relayed.Contains(invocationId) ? typeof(RawResult) : null;
        return type is not null;
    }

    // All handed over before any is awaited, so that the slowest of many does not add up.
    private async Task PublishAsync(IEnumerable<string> channels, OutgoingMessage message, CancellationToken cancellationToken) =>
        await Task.WhenAll(channels.Select(channel => remote.ToMembersAsync(channel, message, [], cancellationToken).AsTask()));

    private async Task ChangeElsewhereAsync(string connectionId, string group, bool add, CancellationToken cancellationToken)
    {
        await remote.ListenAsync();
        if (!await remote.ChangeGroupAsync(connectionId, group, add, cancellationToken))
            throw new TimeoutException($"No instance confirmed that it holds connection '{connectionId}'.");
    }
}
