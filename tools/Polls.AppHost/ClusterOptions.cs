namespace Polls.AppHost;

/// <summary>Options of a <see cref="LocalCluster"/>.</summary>
public sealed record ClusterOptions
{
    /// <summary>
    /// The folder of data, passwords and logs, kept between runs. Can be empty if the cluster is
    /// <see cref="Throwaway"/>.
    /// </summary>
    public string DataDirectory { get; init; } = "";

    /// <summary>Deletes the data folder when the cluster is disposed. Does not change durability.</summary>
    public bool Throwaway { get; init; }

    /// <summary>The number of API instances; 0 for tests that need only the stores.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>
    /// The port of nginx or, without nginx, of the first instance; the others use the ports after it. 0 picks free
    /// ports.
    /// </summary>
    public int Port { get; init; }

    /// <summary>Whether to run PostgreSQL; required if there are instances.</summary>
    public bool PostgresEnabled { get; init; } = true;

    /// <summary>Whether to run Redis and configure the instances to use it.</summary>
    public bool RedisEnabled { get; init; } = true;

    /// <summary>
    /// Whether to run nginx in front of the instances, which then listen on free ports and trust its forwarded headers.
    /// </summary>
    public bool NginxEnabled { get; init; }

    /// <summary>Additional environment variables for <c>nginx/start</c>, whose header lists them.</summary>
    public IReadOnlyDictionary<string, string> NginxEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether to run Prometheus, which scrapes the instances.</summary>
    public bool PrometheusEnabled { get; init; }

    /// <summary>
    /// The folder of <c>prometheus.yml</c> and <c>rules/</c>; null for the repository's <c>observability/</c>.
    /// </summary>
    public string? ObservabilityDirectory { get; init; }

    /// <summary>The path of <c>Polls.Api.dll</c>; null to find the build that belongs to this program.</summary>
    public string? ApiAssemblyPath { get; init; }

    /// <summary><c>DOTNET_ENVIRONMENT</c> of the instances.</summary>
    public string EnvironmentName { get; init; } = "Production";

    /// <summary>Additional environment variables for every instance.</summary>
    public IReadOnlyDictionary<string, string> ApiEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Additional environment variables for the instance with this number, starting at 1; they override
    /// <see cref="ApiEnvironment"/>.
    /// </summary>
    public Func<int, IReadOnlyDictionary<string, string>>? InstanceEnvironment { get; init; }

    /// <summary>Additional PostgreSQL settings, such as <c>log_statement</c> = <c>all</c>.</summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>The time for one part to become ready.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>The time for one part to stop before it is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Receives one-line notices for the user, such as the address of a part.</summary>
    public Action<string>? Notice { get; init; }
}
