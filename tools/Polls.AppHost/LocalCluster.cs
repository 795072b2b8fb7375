using Polls.AppHost.Data;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// PostgreSQL, Redis, API instances, nginx and Prometheus as local processes, for ./run, the tests, the fault suite and
/// the benchmark. It restarts no part by itself, and its processes end with it.
/// </summary>
/// <param name="options">The options. The constructor locks the data folder but starts nothing.</param>
public sealed class LocalCluster(ClusterOptions options) : IAsyncDisposable
{
    private readonly DataFolder _folder = DataFolder.Claim(options.DataDirectory, options.Throwaway);
    private readonly Lock _gate = new();
    private readonly List<ApiInstance> _instances = [];
    private Guard? _guard;
    private PostgresFiles? _files;
    private PostgresServer? _postgres;
    private int _lastNumber;
    private bool _disposed;

    /// <summary>Raised with the exit code when a part that was ready exits without having been stopped.</summary>
    public event Action<LocalPart, int>? UnexpectedExit;

    /// <summary>The database server.</summary>
    public PostgresServer Postgres =>
        _postgres ?? throw new InvalidOperationException("The cluster was not started, or has no PostgreSQL.");

    /// <summary>The Redis server; null if it is not enabled.</summary>
    public RedisServer? Redis { get; private set; }

    /// <summary>The load balancer; null if it is not enabled.</summary>
    public NginxServer? Nginx { get; private set; }

    /// <summary>The Prometheus server; null if it is not enabled.</summary>
    public PrometheusServer? Prometheus { get; private set; }

    /// <summary>The address of Polls: nginx or, without it, the first instance.</summary>
    public Uri Address => Nginx?.Address ?? Instances[0].Address;

    /// <summary>The API instances, running or not, in the order of their numbers.</summary>
    public IReadOnlyList<ApiInstance> Instances
    {
        get
        {
            lock (_gate)
                return [.. _instances];
        }
    }

    /// <summary>All parts, in start order.</summary>
    public IReadOnlyList<LocalPart> Parts =>
        [
            .. new LocalPart?[] { _postgres, Redis }.OfType<LocalPart>(), .. Instances,
            .. new LocalPart?[] { Nginx, Prometheus }.OfType<LocalPart>()
        ];

    /// <summary>The folder of data, passwords and logs.</summary>
    public string DataDirectory => _folder.Path;

    /// <summary>The process that ends the others if this program is killed.</summary>
    public int? GuardProcessId => _guard?.ProcessId;

    /// <summary>Creates and starts a cluster; a failed start leaves nothing behind.</summary>
    public static async Task<LocalCluster> StartNewAsync(
        ClusterOptions options, CancellationToken cancellationToken = default)
    {
        var cluster = new LocalCluster(options);
        try
        {
            await cluster.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts all parts and waits until they are ready: stores, then instances, then nginx and Prometheus.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _folder.EndLastRunAsync(options.Notice, cancellationToken);
        Directory.CreateDirectory(_folder.In("logs"));
        _guard = Guard.Start(_folder.In("guard.sh"), _folder.Ledger, _folder.Log("guard").Path);

        var context = Context();
        if (options.PostgresEnabled)
        {
            _files = await PostgresFiles.LocateAsync(_folder, options.Notice, cancellationToken);
            _postgres = Track(new PostgresServer(_files, context));
        }

        Redis = options.RedisEnabled ? Track(new RedisServer(context)) : null;
        Nginx = options.NginxEnabled ? Track(new NginxServer(options.Port, context)) : null;
        Prometheus = options.PrometheusEnabled ? Track(new PrometheusServer(context)) : null;
        // Reserve all ports before anything starts, so that a busy port is reported at once.
        for (var i = 0; i < options.Instances; i++)
            NewInstance(environment: null);

        await Task.WhenAll(new LocalPart?[] { _postgres, Redis }.OfType<LocalPart>()
            .Select(store => StartPartAsync(store, cancellationToken)));
        await Task.WhenAll(Instances.Select(instance => instance.StartAsync(cancellationToken)));
        foreach (var instance in Instances)
            Announce(instance);
        if (Nginx is not null)
        {
            Nginx.Serve(Instances);
            await StartPartAsync(Nginx, cancellationToken);
        }

        if (Prometheus is not null)
        {
            Prometheus.Watch(Instances);
            await StartPartAsync(Prometheus, cancellationToken);
        }
    }

    /// <summary>Adds an instance and waits until it is ready; nginx uses it soon after.</summary>
    public async Task<ApiInstance> AddInstanceAsync(
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        var instance = NewInstance(environment);
        await StartPartAsync(instance, cancellationToken);
        Nginx?.Serve(Instances);
        Prometheus?.Watch(Instances);
        return instance;
    }

    /// <summary>
    /// Stops all parts in order: Prometheus, so that it does not report the others as down, nginx, the instances, Redis
    /// and PostgreSQL.
    /// </summary>
    public async Task StopAsync()
    {
        if (Prometheus is not null)
            await Prometheus.StopAsync();
        if (Nginx is not null)
            await Nginx.StopAsync();
        await Task.WhenAll(Instances.Select(instance => instance.StopAsync()));
        if (Redis is not null)
            await Redis.StopAsync();
        if (_postgres is not null)
            await _postgres.StopAsync();
    }

    /// <summary>Kills all parts at once (kill -9), for a program that must exit immediately.</summary>
    public void KillAll()
    {
        foreach (var part in Parts)
            part.KillWithoutWaiting();
    }

    /// <summary>Stops all parts and releases the data folder; deletes it if the cluster is throwaway.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            await StopAsync();
            foreach (var part in Parts)
                await part.DisposeAsync();
        }
        finally
        {
            _guard?.Dispose();
            if (options.Throwaway)
                _files?.DeleteOutside();
            _folder.Dispose();
        }
    }

    private PartContext Context() =>
        new(options, _folder, _guard ?? throw new InvalidOperationException("The cluster was not started."));

    private ApiInstance NewInstance(IReadOnlyDictionary<string, string>? environment)
    {
        lock (_gate)
        {
            var number = ++_lastNumber;
            var port = options.Port == 0 || options.NginxEnabled ? 0 : options.Port + number - 1;
            var instance = Track(new ApiInstance(number, port, Postgres, Redis, environment, Context()));
            _instances.Add(instance);
            return instance;
        }
    }

    private TPart Track<TPart>(TPart part)
        where TPart : LocalPart
    {
        part.UnexpectedExit += (sender, exitCode) => UnexpectedExit?.Invoke(sender, exitCode);
        return part;
    }

    private async Task StartPartAsync(LocalPart part, CancellationToken cancellationToken)
    {
        await part.StartAsync(cancellationToken);
        Announce(part);
    }

    private void Announce(LocalPart part) =>
        options.Notice?.Invoke($"{part.Name,-10} {part.Endpoint,-22} log {part.LogPath}");
}
