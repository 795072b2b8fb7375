using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Polls.Api.Connections;

/// <summary>
/// Registers protection for a public hub: outboxes for messages to clients, a guard for messages from clients.
/// </summary>
public static class ConnectionRegistration
{
    /// <summary>Gives each connection of the hub an outbox (<see cref="ConnectionOutboxes"/>).</summary>
    public static ISignalRServerBuilder AddOutboxes<THub>(this ISignalRServerBuilder builder)
        where THub : Hub
    {
        builder.Services.AddSingleton<ConnectionOutboxes>();
        builder.Services.AddSingleton<HubLifetimeManager<THub>, OutboxLifetimeManager<THub>>();
        return builder;
    }

    /// <summary>
    /// Answers invalid records with a stable code instead of closing the connection. Enforces the size limit in place
    /// of SignalR, whose limit is switched off for every hub.
    /// </summary>
    public static ISignalRServerBuilder AddHubProtocolGuard(
        this ISignalRServerBuilder builder, int maximumRecordBytes = HubProtocolGuard.MaximumRecordBytes)
    {
        var services = builder.Services;
        var plain = services.Where(service => service.ImplementationType == typeof(JsonHubProtocol)).ToArray();
        foreach (var service in plain) services.Remove(service);
        services.AddSingleton<IHubProtocol>(provider => new HubProtocolGuard(
            new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()),
            maximumRecordBytes));
        services.PostConfigure<HubOptions>(options => options.MaximumReceiveMessageSize = null);
        return builder;
    }
}
