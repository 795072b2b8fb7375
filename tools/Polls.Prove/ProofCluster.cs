using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using Polls.AppHost;
using Polls.Prove.Faults;

namespace Polls.Prove;

/// <summary>
/// The cluster under test: real processes, with a <see cref="FaultyLink"/> between each instance and each store.
/// </summary>
internal sealed class ProofCluster : IAsyncDisposable
{
    // Less than the smallest clock jump, which is one minute.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ClockLimit = TimeSpan.FromSeconds(20);
    private readonly List<(FaultyLink Postgres, FaultyLink Redis)> links = [];
    private readonly List<WallClock> clocks = [];
    private readonly LocalCluster local;

    private ProofCluster(ProofOptions options) => local = new(new ClusterOptions
    {
        Throwaway = true,
        Instances = options.Instances,
        NginxEnabled = true,
        NginxEnvironment = new Dictionary<string, string> { ["POLLS_TRUSTED_BALANCERS"] = "127.0.0.1" },
        ApiAssemblyPath = options.ApiAssemblyPath,
        ApiEnvironment = new Dictionary<string, string>(options.ApiEnvironment)
        {
            ["Limits__Enabled"] = "false",
            // For LogCheck.
            ["Logging__Console__FormatterName"] = "json",
        },
        PostgresSettings = options.PostgresSettings,
        InstanceEnvironment = EnvironmentOf,
        // Longer than an instance may take to exit (G10), so that the check sees a late exit before it is killed.
        StopTimeout = TimeSpan.FromSeconds(40),
    });

    public LocalCluster Local => local;

    /// <summary>The address of nginx.</summary>
    public Uri Address => local.Address;

    /// <summary>The links of each instance, in the order of the instances.</summary>
    public IReadOnlyList<(FaultyLink Postgres, FaultyLink Redis)> Links => links;

    /// <summary>A direct connection to PostgreSQL, not through a link.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    public static async Task<ProofCluster> StartAsync(ProofOptions options, CancellationToken cancellationToken)
    {
        var cluster = new ProofCluster(options);
        try
        {
            for (var i = 0; i < options.Instances; i++)
            {
                cluster.links.Add((new(() => cluster.local.Postgres.Port), new(() => cluster.local.Redis!.Port)));
                if (options.Faults.Contains(FaultKinds.ClockJumped))
                {
                    cluster.clocks.Add(new(Path.Combine(cluster.local.DataDirectory, $"clock-{i + 1}")));
                }
            }

            await cluster.local.StartAsync(cancellationToken);
            cluster.Database = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(cluster.local.Postgres.ConnectionString)
                {
                    Timeout = 3, CommandTimeout = 3, MaxPoolSize = 8, CancellationTimeout = 500,
                });
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Calls a health endpoint of an instance directly, not through nginx; null if there is no answer.
    /// </summary>
    public static async Task<(int Status, string Report)?> HealthAsync(
        ApiInstance instance, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var response = await http.GetAsync(new Uri(instance.Address, path), cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Shifts the wall clock of an instance and waits until the instance uses the new time.</summary>
    public async Task SetClockAsync(int index, TimeSpan offset, CancellationToken cancellationToken)
    {
        clocks[index].Set(offset);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < ClockLimit;)
        {
            try
            {
                using var response = await http.GetAsync(
                    new Uri(local.Instances[index].Address, "/health/live"), cancellationToken);
                if (response.Headers.Date - (DateTimeOffset.UtcNow + offset) is { } difference
                    && difference.Duration() < ClockTolerance)
                {
                    return;
                }
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new StartFailedException($"The clock of {local.Instances[index].Name} could not be set.");
    }

    /// <summary>Sends a command to Redis directly, not through a link.</summary>
    public async Task SendRedisCommandAsync(string command, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", local.Redis!.Port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"AUTH {local.Redis.Password}\r\n{command}\r\n"), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        for (var line = 0; line < 2; line++)
        {
            var answer = await reader.ReadLineAsync(cancellationToken);
            if (answer is null || answer.StartsWith('-'))
            {
                throw new InvalidOperationException($"Redis refused '{command}': {answer}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (postgres, redis) in links)
        {
            postgres.Repair();
            redis.Repair();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        await local.DisposeAsync();
        foreach (var (postgres, redis) in links)
        {
            await postgres.DisposeAsync();
            await redis.DisposeAsync();
        }
    }

    private Dictionary<string, string> EnvironmentOf(int number) =>
        new(clocks.Count > 0
            ? ConnectionStrings(links[number - 1]).Concat(clocks[number - 1].Environment)
            : ConnectionStrings(links[number - 1]));

    private Dictionary<string, string> ConnectionStrings((FaultyLink Postgres, FaultyLink Redis) link) => new()
    {
        ["ConnectionStrings__Polls"] = new NpgsqlConnectionStringBuilder(local.Postgres.ConnectionString)
        {
            Port = link.Postgres.Port
        }.ConnectionString,
        ["ConnectionStrings__Redis"] = local.Redis!.ConnectionString.Replace(
            local.Redis.Port.ToString(CultureInfo.InvariantCulture),
            link.Redis.Port.ToString(CultureInfo.InvariantCulture),
            StringComparison.Ordinal),
    };
}
