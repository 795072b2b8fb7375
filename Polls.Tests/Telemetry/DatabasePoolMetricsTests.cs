using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Polls.Api.Telemetry;
using Polls.Tests.Storage;

namespace Polls.Tests.Telemetry;

/// <summary>A pool that has nothing left to give says so under the names that alerts and dashboards read.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class DatabasePoolMetricsTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Who_waits_for_a_connection_and_who_waited_in_vain_is_counted_by_pool()
    {
        var page = new PrometheusPage();
        using var exporter = new PrometheusExporter(NullLogger.Instance);
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("Npgsql").AddReader(new BaseExportingMetricReader(exporter)).Build();
        var pool = $"tiny-{Guid.NewGuid():N}";
        var builder = new NpgsqlDataSourceBuilder(postgres.Cluster.Postgres.ConnectionString) { Name = pool };
        (builder.ConnectionStringBuilder.MaxPoolSize, builder.ConnectionStringBuilder.Timeout) = (1, 1);
        await using var database = builder.Build();
        await using (await database.OpenConnectionAsync())
        {
            var waiting = database.OpenConnectionAsync().AsTask();
            Value("db_client_connection_npgsql_pending_requests").ShouldBe(1);
            await Should.ThrowAsync<NpgsqlException>(waiting);
        }

        Value("db_client_connection_npgsql_timeouts_total").ShouldBe(1);
        Value("db_client_connection_npgsql_pending_requests").ShouldBe(0);

        double Value(string name)
        {
            exporter.Fill(page);
            return new Scrape(Encoding.UTF8.GetString(page.Bytes.Span))[name, $"db_client_connection_pool_name=\"{pool}\""];
        }
    }
}
