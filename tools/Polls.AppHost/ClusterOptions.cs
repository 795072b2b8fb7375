namespace Polls.AppHost;

/// <summary>What a <see cref="LocalCluster"/> is made of.</summary>
public sealed record ClusterOptions
{
    /// <summary>Holds the data, the passwords and the logs; kept between runs. A <see cref="Throwaway"/> cluster may leave it empty.</summary>
    public string DataDirectory { get; init; } = "";

    /// <summary>Deletes the data folder when the cluster is disposed. Durability stays as in a kept cluster.</summary>
    public bool Throwaway { get; init; }

    /// <summary>How many API instances to start with; none is fine for tests that need only the stores.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>The port that people open: nginx's or, without it, the first instance's, which the next ones follow; 0 takes free ports.</summary>
    public int Port { get; init; }

    /// <summary>Whether PostgreSQL runs; only a cluster without instances can do without it.</summary>
    public bool PostgresEnabled { get; init; } = true;

    /// <summary>Whether Redis runs and the instances know of it.</summary>
    public bool RedisEnabled { get; init; } = true;

    /// <summary>Whether nginx stands in front of the instances, which then have free ports and trust what it says of clients.</summary>
    public bool NginxEnabled { get; init; }

    /// <summary>Further environment variables for <c>nginx/start</c>, whose header lists them.</summary>
    public IReadOnlyDictionary<string, string> NginxEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a Prometheus watches the instances.</summary>
    public bool PrometheusEnabled { get; init; }

    /// <summary>The folder with <c>prometheus.yml</c> and its <c>rules/</c>; the repository's <c>observability/</c> when not given.</summary>
    public string? ObservabilityDirectory { get; init; }

    /// <summary>Where <c>Polls.Api.dll</c> lies; found next to this program's build when not given.</summary>
    public string? ApiAssemblyPath { get; init; }

    /// <summary><c>DOTNET_ENVIRONMENT</c> of the instances.</summary>
    public string EnvironmentName { get; init; } = "Production";

    /// <summary>Further environment variables for every instance.</summary>
    public IReadOnlyDictionary<string, string> ApiEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Further environment variables for the instance with this number (1 is the first); wins over <see cref="ApiEnvironment"/>.</summary>
    public Func<int, IReadOnlyDictionary<string, string>>? InstanceEnvironment { get; init; }

    /// <summary>Further PostgreSQL settings, such as <c>log_statement</c> = <c>all</c>.</summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long one part may take until it is ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one part may take to stop by itself before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Receives one-line notices for people, such as a part's address.</summary>
    public Action<string>? Notice { get; init; }
}
