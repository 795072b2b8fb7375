using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Connections;
using Polls.Api.Limits;
using Polls.Api.LiveRooms;
using Polls.Api.Redis;
using Polls.Api.Telemetry;
using Polls.Core.Loops;
using Polls.Core.Rooms;
using Polls.Core.Votes;
using Prometheus;

namespace Polls.Api.Setup;

/// <summary>Registers metrics and traces.</summary>
internal static class TelemetrySetup
{
    // The product's own metrics. Each class is beside the code that it measures.
    private static readonly Type[] OwnMetrics =
    [
        typeof(VoteMetrics), typeof(LiveRoomMetrics), typeof(ConnectionMetrics), typeof(BackplaneMetrics),
        typeof(RedisMetrics), typeof(LimitMetrics), typeof(LoopMetrics), typeof(HousekeepingMetrics),
    ];

    /// <summary>
    /// Adds metrics and traces. Call it first, so that they start before all other services and stop after them.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.AddManagementPort();
        builder.Services.AddOwnMetrics();
        builder.Services.AddSingleton<FrameworkMetrics>();
        builder.AddTracing();
        builder.Services.AddOptions<AccessLogOptions>()
            .BindConfiguration(AccessLogOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
    }

    /// <summary>Adds the metrics of votes, live rooms, connections and so on.</summary>
    public static IServiceCollection AddOwnMetrics(this IServiceCollection services)
    {
        // One registry per host, because a test process can have several hosts.
        services.TryAddSingleton(_ => Metrics.NewCustomRegistry());
        foreach (var metrics in OwnMetrics)
        {
            services.AddSingleton(metrics);
        }

        return services;
    }

    /// <summary>
    /// Adds the middleware. Call it first: before the middleware to measure and before the exception handler.
    /// </summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port is not null)
        {
            app.Services.GetRequiredService<FrameworkMetrics>();
            // Created now, so that every series exists at the first scrape, also those of Redis on an instance without
            // Redis.
            Array.ForEach(OwnMetrics, metrics => app.Services.GetRequiredService(metrics));
            InstanceMetrics.Register(app.Services.GetRequiredService<CollectorRegistry>(), app.Services);
        }

        app.UseRequestId();
        app.UseAccessLog();
        app.UseRequestMetrics();
        app.UseTracing();
    }
}
