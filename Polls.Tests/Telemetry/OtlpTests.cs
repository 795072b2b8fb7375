using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Polls.AppHost;
using Polls.AppHost.Processes;

namespace Polls.Tests.Telemetry;

/// <summary>Where a collector is configured, an instance pushes its metrics to it.</summary>
public sealed class OtlpTests
{
    [Fact]
    public async Task An_instance_pushes_to_the_collector_until_it_goes()
    {
        var pushed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var port = PortReservation.Free();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.Port}");
        await using var collector = builder.Build();
        collector.MapPost("/v1/metrics", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body, Encoding.Latin1);
            pushed.TrySetResult(await reader.ReadToEndAsync());
        });
        await collector.StartAsync();
        await using var cluster = await LocalCluster.StartNewAsync(new ClusterOptions
        {
            Throwaway = true,
            RedisEnabled = false,
            ApiEnvironment = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port.Port}",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                // Pushing does not need the management port.
                ["Management__Url"] = "",
            },
        });

        // The interval is a minute; an instance that stops pushes what it has.
        await cluster.Instances[0].StopAsync();
        var body = await pushed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        body.ShouldContain("polls.votes");
        body.ShouldContain("http.server.request.duration");
        body.ShouldContain("api-1");
    }
}
