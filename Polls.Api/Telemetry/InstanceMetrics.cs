using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Health;
using Polls.Api.Instance;
using Polls.Core.Votes;
using Prometheus;

namespace Polls.Api.Telemetry;

/// <summary>
/// What is read of an instance when its metrics are collected: who it is, what it does without, how far its heap may grow.
/// </summary>
internal static class InstanceMetrics
{
    /// <summary>Adds these figures to the registry of the instance.</summary>
    public static void Register(CollectorRegistry registry, IServiceProvider services)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        factory.CreateGauge("target_info", "What these figures are of.", "service_name", "service_version", "service_instance_id")
            .WithLabels("polls", BuildInfo.VersionAndCommit, services.GetRequiredService<IOptions<InstanceOptions>>().Value.Id).Set(1);
        var heap = factory.CreateGauge("polls_heap_limit_bytes", "How far the heap may grow.");
        var degraded = factory.CreateGauge("polls_degraded", "1 while this instance does without the part, 0 while it has it.", "part");
        registry.AddBeforeCollectCallback(() =>
        {
            // What a container may take in all is not to be had as easily; the runtime derives this from it.
            heap.Set(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
            var hasRedis = services.GetRequiredService<IBackplane>().State != BackplaneState.Disconnected;
            var hasDatabase = services.GetRequiredService<DatabaseProbe>().AnsweredLast
                && services.GetRequiredService<VoteQueue>().DatabaseAnswers;
            degraded.WithLabels("redis").Set(hasRedis ? 0 : 1);
            degraded.WithLabels("database").Set(hasDatabase ? 0 : 1);
        });
    }
}
