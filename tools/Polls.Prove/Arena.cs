using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Npgsql;
using Polls.AppHost;
using Polls.Prove.Faults;

namespace Polls.Prove;

/// <summary>The cluster under proof: real processes, and between each instance and each store a link that can be broken.</summary>
internal sealed class Arena : IAsyncDisposable
{
    // Wall clocks may jump by a minute or more.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ClockLimit = TimeSpan.FromSeconds(20);
    private readonly List<(FaultyLink Postgres, FaultyLink Redis)> links = [];
    private readonly List<WallClock> clocks = [];
    private readonly LocalCluster cluster;

    private Arena(ProofOptions options) => cluster = new(new ClusterOptions
    {
        Throwaway = true,
        Instances = options.Instances,
        NginxEnabled = true,
        NginxEnvironment = new Dictionary<string, string> { ["POLLS_TRUSTED_BALANCERS"] = "127.0.0.1" },
        ApiAssemblyPath = options.ApiAssemblyPath,
        ApiEnvironment = new Dictionary<string, string>(options.ApiEnvironment) { ["Limits__Enabled"] = "false" },
        PostgresSettings = options.PostgresSettings,
        InstanceEnvironment = EnvironmentOf,
        // Longer than an instance may take to end (G10), so that one that takes too long is seen to.
        StopTimeout = TimeSpan.FromSeconds(40),
        StartTimeout = TimeSpan.FromSeconds(90),
    });

    public LocalCluster Cluster => cluster;

    public Uri Door => cluster.Address;

    /// <summary>The links of each instance, in the order of the instances.</summary>
    public IReadOnlyList<(FaultyLink Postgres, FaultyLink Redis)> Links => links;

    /// <summary>PostgreSQL, past the links.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    public static async Task<Arena> StartAsync(ProofOptions options, CancellationToken cancellationToken)
    {
        var arena = new Arena(options);
        try
        {
            for (var i = 0; i < options.Instances; i++)
            {
                arena.links.Add((new(() => arena.cluster.Postgres.Port), new(() => arena.cluster.Redis!.Port)));
                if (options.Faults.Contains(FaultKinds.ClockJumped))
                {
                    arena.clocks.Add(new(Path.Combine(arena.cluster.DataDirectory, $"clock-{i + 1}")));
                }
            }

            await arena.cluster.StartAsync(cancellationToken);
            arena.Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(arena.cluster.Postgres.ConnectionString)
            {
                Timeout = 3, CommandTimeout = 3, MaxPoolSize = 8, CancellationTimeout = 500,
            });
            return arena;
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an instance says of itself, past nginx; null when it says nothing.</summary>
    public static async Task<(int Status, string Report)?> HealthAsync(ApiInstance instance, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using var response = await http.GetAsync(new Uri(instance.Address, path), cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>Puts an instance's clock forward or back; returns when the instance lives by it.</summary>
    public async Task SetClockAsync(int index, TimeSpan wrong, CancellationToken cancellationToken)
    {
        clocks[index].Set(wrong);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < ClockLimit;)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(cluster.Instances[index].Address, "/health/live"), cancellationToken);
                if (response.Headers.Date - (DateTimeOffset.UtcNow + wrong) is { } off && off.Duration() < ClockTolerance)
                {
                    return;
                }
            }
            catch (Exception busy) when (busy is HttpRequestException or TaskCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new StartFailedException($"The clock of {cluster.Instances[index].Name} cannot be set.");
    }

    /// <summary>Says commands to Redis, past the links.</summary>
    public async Task TellRedisAsync(string command, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", cluster.Redis!.Port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {cluster.Redis.Password}\r\n{command}\r\n"), cancellationToken);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        for (var line = 0; line < 2; line++)
        {
            var answer = await reader.ReadLineAsync(cancellationToken);
            if (answer is null || answer.StartsWith('-'))
            {
                throw new InvalidOperationException($"Redis refuses '{command}': {answer}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (postgres, redis) in links)
        {
            postgres.Mend();
            redis.Mend();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        await cluster.DisposeAsync();
        foreach (var (postgres, redis) in links)
        {
            await postgres.DisposeAsync();
            await redis.DisposeAsync();
        }
    }

    private Dictionary<string, string> EnvironmentOf(int number) =>
        new(clocks.Count > 0 ? Through(links[number - 1]).Concat(clocks[number - 1].Environment) : Through(links[number - 1]));

    private Dictionary<string, string> Through((FaultyLink Postgres, FaultyLink Redis) link) => new()
    {
        ["ConnectionStrings__Polls"] = new NpgsqlConnectionStringBuilder(cluster.Postgres.ConnectionString) { Port = link.Postgres.Port }.ConnectionString,
        ["ConnectionStrings__Redis"] = cluster.Redis!.ConnectionString.Replace(
            cluster.Redis.Port.ToString(CultureInfo.InvariantCulture), link.Redis.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
    };
}
