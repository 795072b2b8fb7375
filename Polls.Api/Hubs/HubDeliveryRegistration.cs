using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polls.Core.Telemetry;

namespace Polls.Api.Hubs;

/// <summary>Puts our delivery and our protocol guard in the place of SignalR's own.</summary>
public static class HubDeliveryRegistration
{
    /// <summary>
    /// Delivers the hub's messages through outboxes: within this instance, or across instances over the
    /// registered backplane. Options: <see cref="HubDeliveryOptions{THub}"/>.
    /// </summary>
    public static ISignalRServerBuilder AddHubDelivery<THub>(this ISignalRServerBuilder builder, bool acrossInstances)
        where THub : Hub
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PollsMetrics>();
        services.AddOptions<HubDeliveryOptions<THub>>()
            .Validate(options => options.QueueLimit > 0, "HubDelivery: set QueueLimit to at least 1.")
            .Validate(
                options => options.StallLimit > TimeSpan.Zero && options.RemoteTimeout > TimeSpan.Zero && options.ClientResultTimeout > TimeSpan.Zero,
                "HubDelivery: StallLimit, RemoteTimeout and ClientResultTimeout must be longer than nothing.")
            .ValidateOnStart();
        if (acrossInstances) services.AddDelivery<THub, RedisHubLifetimeManager<THub>>();
        else services.AddDelivery<THub, LocalHubLifetimeManager<THub>>();
        return builder;
    }

    /// <summary>
    /// Answers unusable records with a stable code instead of ending the connection; takes over the size limit
    /// from SignalR, which is switched off for every hub.
    /// </summary>
    public static ISignalRServerBuilder AddHubProtocolGuard(this ISignalRServerBuilder builder)
    {
        var services = builder.Services;
        var plain = services.Where(service => service.ImplementationType == typeof(JsonHubProtocol)).ToArray();
        foreach (var service in plain) services.Remove(service);
        services.AddOptions<HubProtocolGuardOptions>()
            .Validate(options => options.MaximumRecordBytes >= 256, "HubProtocolGuard: set MaximumRecordBytes to at least 256.")
            .ValidateOnStart();
        services.AddSingleton<IHubProtocol>(provider => new HubProtocolGuard(
            new JsonHubProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()),
            provider.GetRequiredService<IOptions<HubProtocolGuardOptions>>().Value.MaximumRecordBytes));
        services.PostConfigure<HubOptions>(options => options.MaximumReceiveMessageSize = null);
        return builder;
    }

    private static void AddDelivery<THub, TDelivery>(this IServiceCollection services)
        where THub : Hub
        where TDelivery : HubLifetimeManager<THub>, IHubOutboxes<THub>
    {
        services.AddSingleton<TDelivery>();
        services.AddSingleton<HubLifetimeManager<THub>>(provider => provider.GetRequiredService<TDelivery>());
        services.AddSingleton<IHubOutboxes<THub>>(provider => provider.GetRequiredService<TDelivery>());
    }
}
