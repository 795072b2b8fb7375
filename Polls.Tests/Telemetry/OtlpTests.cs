using Polls.AppHost;

namespace Polls.Tests.Telemetry;

/// <summary>Where a collector is configured, an instance pushes its metrics to it.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task An_instance_pushes_to_the_collector_until_it_goes()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var cluster = await LocalCluster.StartNewAsync(new ClusterOptions
        {
            Throwaway = true,
            RedisEnabled = false,
            // Pushing does not need the management port.
            ApiEnvironment = new Dictionary<string, string>(collector.Environment()) { ["Management__Url"] = "" },
        });

        // The interval is a minute; an instance that stops pushes what it has.
        await cluster.Instances[0].StopAsync();
        var body = collector.Metrics.ShouldHaveSingleItem();
        body.ShouldContain("polls.votes");
        body.ShouldContain("http.server.request.duration");
        body.ShouldContain("api-1");
        collector.Bodies.ShouldBeEmpty("a share of 0 is no traces");
    }
}
