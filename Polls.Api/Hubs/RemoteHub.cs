using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;

namespace Polls.Api.Hubs;

/// <summary>
/// One hub's other instances: what this one tells them and what it does when they tell it something. What it
/// hears of itself it ignores, because its own connections were served before it published.
/// </summary>
internal sealed partial class RemoteHub<THub> : IDisposable
    where THub : Hub
{
    private readonly IBackplane backplane;
    private readonly LocalHub<THub> local;
    private readonly IHubProtocolResolver protocols;
    private readonly ILogger logger;
    private readonly Guid self = Guid.NewGuid();
    private readonly Lazy<Task> listening;

    public RemoteHub(
        IBackplane backplane,
        LocalHub<THub> local,
        IHubProtocolResolver protocols,
        IOptions<HubDeliveryOptions<THub>> options,
        TimeProvider time,
        ILogger logger)
    {
        (this.backplane, this.local, this.protocols, this.logger) = (backplane, local, protocols, logger);
        var limit = options.Value.RemoteTimeout;
        Subscriptions = new ChannelSubscriptions(backplane, Receive, limit, time, logger);
        Commands = new RemoteCommands(limit, time);
        backplane.MessagesMayBeMissing += Subscriptions.Retry;
        listening = new Lazy<Task>(() => Task.WhenAll(
            Subscriptions.AddAsync(Channels.Instance(self)),
            Subscriptions.AddAsync(Channels.All),
            Subscriptions.AddAsync(Channels.Connections)));
    }

    public HubChannels Channels { get; } = HubChannels.Of<THub>();

    public ChannelSubscriptions Subscriptions { get; }

    public RemoteCommands Commands { get; }

    public RelayedCalls Relayed { get; } = new();

    public void Dispose() => backplane.MessagesMayBeMissing -= Subscriptions.Retry;

    /// <summary>Hears what every instance has to hear; needed before the first connection and the first command.</summary>
    public Task ListenAsync() => listening.Value;

    public ValueTask<bool> ToMembersAsync(
        string channel, OutgoingMessage message, IReadOnlyList<string> excluded, CancellationToken cancellationToken) =>
        PublishAsync(channel, new HubEnvelope.ToMembers(self, excluded, message), cancellationToken);

    public ValueTask<bool> ToConnectionsAsync(
        IReadOnlyList<string> receivers, OutgoingMessage message, CancellationToken cancellationToken) =>
        PublishAsync(Channels.Connections, new HubEnvelope.ToConnections(self, receivers, message), cancellationToken);

    /// <summary>False when no instance says that it holds the connection.</summary>
    public Task<bool> ChangeGroupAsync(string connectionId, string group, bool add, CancellationToken cancellationToken) =>
        Commands.SendAsync(
            command => PublishAsync(
                Channels.Connections, new HubEnvelope.GroupChange(self, command, add, group, connectionId), cancellationToken),
            cancellationToken);

    /// <summary>Calls a client of another instance and waits for its result.</summary>
    public async Task<T> InvokeAsync<T>(string connectionId, string method, object?[] args, CancellationToken cancellationToken)
    {
        var invocationId = local.NewInvocationId();
        var call = local.EncodeCall(invocationId, method, args);
        try
        {
            return await local.Results.AwaitAsync<T>(invocationId, connectionId, CallAsync, CancellationToken.None, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException { InnerException: TimeoutException })
        {
            // Nobody waits any more: whoever holds the connection need not remember the call.
            await PublishAsync(
                Channels.Connections, new HubEnvelope.CallEnded(self, invocationId, connectionId), CancellationToken.None);
            throw;
        }

        async Task CallAsync()
        {
            var held = await Commands.SendAsync(
                command => PublishAsync(
                    Channels.Connections,
                    new HubEnvelope.Call(self, command, invocationId, connectionId, call),
                    cancellationToken),
                cancellationToken);
            if (!held) throw new IOException($"Connection '{connectionId}' does not exist.");
        }
    }

    public Task AddToGroupAsync(HubMember member, string group) => local.Roster.AddToGroup(member, group)
        ? Subscriptions.AddAsync(Channels.Group(group))
        : Task.CompletedTask;

    public Task RemoveFromGroupAsync(HubMember member, string group) => local.Roster.RemoveFromGroup(member, group)
        ? Subscriptions.RemoveAsync(Channels.Group(group))
        : Task.CompletedTask;

    /// <summary>Tells whoever awaits an answer of a connection that has left.</summary>
    public async Task AnswerDisconnectedAsync(string connectionId)
    {
        foreach (var (invocationId, origin) in Relayed.EndAll(connectionId))
            await AnswerAsync(origin, null, CompletionMessage.WithError(invocationId, "Connection disconnected."));
    }

    /// <summary>Tells whoever called a connection of this instance what it answered.</summary>
    public ValueTask<bool> AnswerAsync(Guid origin, IHubProtocol? protocol, CompletionMessage completion)
    {
        // The error travels apart from the protocol's bytes, because a protocol may reword it for clients.
        protocol ??= protocols.AllProtocols[0];
        var bytes = completion.Error is null ? protocol.GetMessageBytes(completion) : default;
        return PublishAsync(
            Channels.Instance(origin),
            new HubEnvelope.Result(self, completion.InvocationId!, completion.Error, protocol.Name, bytes),
            CancellationToken.None);
    }

    private ValueTask<bool> PublishAsync(string channel, HubEnvelope envelope, CancellationToken cancellationToken) =>
        backplane.PublishAsync(channel, HubEnvelopeWriter.Write(envelope), cancellationToken);
}
