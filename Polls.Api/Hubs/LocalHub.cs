using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Core.Telemetry;

namespace Polls.Api.Hubs;

/// <summary>A hub's connections on this instance: what both lifetime managers have in common.</summary>
internal sealed class LocalHub<THub>(
    IHubProtocolResolver protocols,
    IOptions<HubDeliveryOptions<THub>> options,
    PollsMetrics metrics,
    TimeProvider time,
    ILogger logger)
    where THub : Hub
{
    // Unguessable and different on every instance, so that results cannot be mixed up.
    private readonly string invocationPrefix = Guid.NewGuid().ToString("N");
    private long lastInvocation;

    public HubRoster Roster { get; } = Observed(new HubRoster(), metrics);

    public ClientResults Results { get; } = new(options.Value.ClientResultTimeout, time);

    public void Connect(HubConnectionContext connection) =>
        Roster.Add(new HubMember(
            connection, new ConnectionOutbox(connection, options.Value.QueueLimit, options.Value.StallLimit, time, metrics, logger)));

    /// <summary>Forgets the connection; returns the groups that it was in, or null when it was not here.</summary>
    public IReadOnlyCollection<string>? Disconnect(HubConnectionContext connection)
    {
        var groups = Roster.Remove(connection.ConnectionId);
        Results.Disconnect(connection.ConnectionId);
        return groups;
    }

    public OutgoingMessage Encode(string method, object?[] args) =>
        OutgoingMessage.Encode(protocols, new InvocationMessage(method, args), options.Value.NewestKey(method, args));

    public OutgoingMessage EncodeCall(string invocationId, string method, object?[] args) =>
        OutgoingMessage.Encode(protocols, new InvocationMessage(invocationId, method, args), newestKey: null);

    public string NewInvocationId() => $"{invocationPrefix}-{Interlocked.Increment(ref lastInvocation)}";

    public Task<T> InvokeAsync<T>(HubMember member, string method, object?[] args, CancellationToken cancellationToken)
    {
        var invocationId = NewInvocationId();
        var call = EncodeCall(invocationId, method, args);
        return Results.AwaitAsync<T>(invocationId, member.Id, SendAsync, member.Connection.ConnectionAborted, cancellationToken);

        Task SendAsync()
        {
            call.To(member.Outbox);

            // It may have left before the call was registered, and then nobody would end the wait.
            if (Roster.Find(member.Id) != member) Results.Disconnect(member.Id);
            return Task.CompletedTask;
        }
    }

    private static HubRoster Observed(HubRoster roster, PollsMetrics metrics)
    {
        metrics.ObserveConnections(() => roster.Members.Count);
        return roster;
    }
}
