using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Polls.Api.Health;
using Polls.Api.Telemetry;
using Polls.Tests.Storage;
using Prometheus;

namespace Polls.Tests.Telemetry;

/// <summary>An exhausted pool is visible in the metrics that alerts and dashboards use.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class DatabasePoolMetricsTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Waiting_and_timed_out_requests_are_counted_by_pool()
    {
        var registry = Metrics.NewCustomRegistry();
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new FrameworkMetrics(registry, services.GetRequiredService<IMeterFactory>());
        var pool = $"tiny-{Guid.NewGuid():N}";
        var builder = new NpgsqlDataSourceBuilder(postgres.Cluster.Postgres.ConnectionString) { Name = pool };
        (builder.ConnectionStringBuilder.MaxPoolSize, builder.ConnectionStringBuilder.Timeout) = (1, 1);
        using var figures = new DatabasePool();
        await using var database = builder.Build();
        await using (await database.OpenConnectionAsync())
        {
            var waiting = database.OpenConnectionAsync().AsTask();
            (await ValueAsync("npgsql_db_client_connection_npgsql_pending_requests")).ShouldBe(1);
            // It sees the pools of other tests, too.
            figures.Read().Waiting.ShouldBeGreaterThanOrEqualTo(1);
            await Should.ThrowAsync<NpgsqlException>(waiting);
        }

        (await ValueAsync("npgsql_db_client_connection_npgsql_timeouts")).ShouldBe(1);
        (await ValueAsync("npgsql_db_client_connection_npgsql_pending_requests")).ShouldBe(0);

        async Task<double> ValueAsync(string name)
        {
            using var page = new MemoryStream();
            await registry.CollectAndExportAsTextAsync(page);
            return new Scrape(Encoding.UTF8.GetString(page.ToArray()))[name, $"db_client_connection_pool_name=\"{pool}\""];
        }
    }
}
