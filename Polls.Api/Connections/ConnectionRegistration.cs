using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;

namespace Polls.Api.Connections;

/// <summary>How a public hub keeps its clients apart: outboxes for what they are sent, a guard for what they send.</summary>
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
    /// Answers unusable records with a stable code instead of ending the connection; takes over the size limit
    /// from SignalR, which is switched off for every hub.
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
