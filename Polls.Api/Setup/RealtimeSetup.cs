using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Polls.Api.Connections;
using Polls.Api.Http;
using Polls.Api.Hubs;
using Polls.Api.Instance;
using Polls.Api.LiveRooms;
using Polls.Api.Sessions;
using Polls.Api.Tokens;
using Polls.Core.Rooms;

namespace Polls.Api.Setup;

/// <summary>Registers the hub, the live rooms and their synchronization with other instances.</summary>
internal static class RealtimeSetup
{
    public static void AddRealtime(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<FanOutOptions>().BindConfiguration("FanOut").ValidateDataAnnotations()
            .Validate(
                options => options.MinIntervalMilliseconds <= options.MaxIntervalMilliseconds,
                "FanOut:MinIntervalMilliseconds must not be above FanOut:MaxIntervalMilliseconds.")
            .ValidateOnStart();
        services.AddSingleton<FailureAnswers>();
        services.AddSingleton<HubRateLimits>();
        services.AddSignalR(options =>
            {
                options.KeepAliveInterval = TimeSpan.FromSeconds(15);
                options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
                options.HandshakeTimeout = TimeSpan.FromSeconds(10);
                options.AddFilter<FailureAnswers>();
                options.AddFilter<HubRateLimits>();
            })
            .AddJsonProtocol(options => Json.ConfigureHub(options.PayloadSerializerOptions))
            .AddOutboxes<RoomHub>()
            .AddHubProtocolGuard();
        // SignalR logs every refused call as an error with its stack, so clients could fill the log. FailureAnswers
        // logs real errors.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Critical);
        services.Configure<Microsoft.AspNetCore.Builder.WebSocketOptions>(options =>
        {
            // SignalR does not time out a client that has never sent a ping. WebSocket clients answer these keep-alive
            // pings automatically.
            options.KeepAliveInterval = TimeSpan.FromSeconds(20);
            options.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        });

        services.AddHostedService(provider => provider.GetRequiredService<RoomPublisher>());
        services.AddSingleton<RoomPublisher>();
        services.AddSingleton<LiveRoomDirectory>();
        services.AddSingleton<IRoomListener>(provider => provider.GetRequiredService<LiveRoomDirectory>());
        services.AddHostedService<RoomSync>();
        services.AddSingleton<PresenceRepair>();
        services.AddHostedService<PresenceLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionJournal>());
        services.AddSingleton<SessionJournal>();
        services.AddHostedService(provider => provider.GetRequiredService<AttendanceLoop>());
        services.AddSingleton<AttendanceLoop>();
        services.AddSingleton<ParticipantConnections>();
        services.AddSingleton<ConnectTurns>();

        services.AddSingleton<Drain>();
        services.AddSingleton<IHostLifetime, DrainingLifetime>();
    }

    /// <summary>Sets the limits of hub connections.</summary>
    public static void Transports(HttpConnectionDispatcherOptions options)
    {
        // The number of bytes that the transport buffers for a client that does not read. The outbox limits the rest.
        options.TransportMaxBufferSize = 64 * 1024;
        options.ApplicationMaxBufferSize = 64 * 1024;
        options.CloseOnAuthenticationExpiration = true;
        // Browsers end a connection whose server takes none of the subprotocols that they offer.
        options.WebSockets.SubProtocolSelector = offered =>
            offered.Contains(RoomTokens.Subprotocol) ? RoomTokens.Subprotocol : null!;
    }
}
