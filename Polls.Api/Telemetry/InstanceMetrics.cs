using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Health;
using Polls.Api.Instance;
using Polls.Core.Votes;
using Prometheus;

namespace Polls.Api.Telemetry;

/// <summary>
/// Metrics that are read at each scrape: identity of the instance, unavailable dependencies and the heap limit.
/// </summary>
internal static class InstanceMetrics
{
    /// <summary>Adds these metrics to the registry of the instance.</summary>
    public static void Register(CollectorRegistry registry, IServiceProvider services)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        factory.CreateGauge(
            "target_info", "The service, version and instance of these metrics.", "service_name", "service_version",
            "service_instance_id")
            .WithLabels(
                "polls", BuildInfo.VersionAndCommit,
                services.GetRequiredService<IOptions<InstanceOptions>>().Value.Id)
            .Set(1);
        var heap = factory.CreateGauge("polls_heap_limit_bytes", "The maximum size of the heap.");
        var degraded = factory.CreateGauge(
            "polls_degraded", "1 while this dependency is unavailable, 0 while it is available.", "part");
        registry.AddBeforeCollectCallback(() =>
        {
            // The memory limit of the container is harder to read. The runtime derives this limit from it.
            heap.Set(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
            var hasRedis = services.GetRequiredService<IBackplane>().State != BackplaneState.Disconnected;
            var hasDatabase = services.GetRequiredService<DatabaseProbe>().LastFault is null
                && services.GetRequiredService<VoteQueue>().DatabaseAnswers;
            degraded.WithLabels("redis").Set(hasRedis ? 0 : 1);
            degraded.WithLabels("database").Set(hasDatabase ? 0 : 1);
        });
    }
}
