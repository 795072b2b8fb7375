using Polls.AppHost.Data;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// The real parts as local processes: one PostgreSQL, one Redis, any number of API instances, nginx in front of them, Prometheus beside them. The
/// local run, the tests and the fault suite use this one. Nothing is restarted by itself; when the cluster ends, everything ends.
/// </summary>
/// <param name="options">What it is made of. The data folder is taken hold of at once, nothing starts yet.</param>
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

    /// <summary>Raised with the exit code when a part that was ready ends though nobody asked it to.</summary>
    public event Action<LocalPart, int>? UnexpectedExit;

    /// <summary>The database server.</summary>
    public PostgresServer Postgres => _postgres ?? throw new InvalidOperationException("The cluster was not started, or runs without PostgreSQL.");

    /// <summary>The Redis server; null when it is switched off.</summary>
    public RedisServer? Redis { get; private set; }

    /// <summary>The way in to all instances; null when it is switched off.</summary>
    public NginxServer? Nginx { get; private set; }

    /// <summary>The one that watches the instances; null when it is switched off.</summary>
    public PrometheusServer? Prometheus { get; private set; }

    /// <summary>Where people go: nginx or, without it, the first instance.</summary>
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

    /// <summary>All parts in the order they start in.</summary>
    public IReadOnlyList<LocalPart> Parts =>
        [.. new LocalPart?[] { _postgres, Redis }.OfType<LocalPart>(), .. Instances, .. new LocalPart?[] { Nginx, Prometheus }.OfType<LocalPart>()];

    /// <summary>The folder of data, passwords and logs.</summary>
    public string DataDirectory => _folder.Path;

    /// <summary>The process that ends the others should this program die.</summary>
    public int? GuardProcessId => _guard?.ProcessId;

    /// <summary>A started cluster; nothing is left behind when the start fails.</summary>
    public static async Task<LocalCluster> StartNewAsync(ClusterOptions options, CancellationToken cancellationToken = default)
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

    /// <summary>Starts all parts and waits until they are ready: the stores first, then the instances, then what stands around them.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _folder.EndLastRunAsync(options.Notice, cancellationToken);
        Directory.CreateDirectory(_folder.In("logs"));
        _guard = Guard.Start(_folder.In("guard.sh"), _folder.Ledger, _folder.Log("guard").Path);

        var context = Context();
        if (options.PostgresEnabled)
        {
            _files = await PostgresFiles.LocateAsync(_folder, options.Notice, cancellationToken);
            _postgres = Adopt(new PostgresServer(_files, context));
        }

        Redis = options.RedisEnabled ? Adopt(new RedisServer(context)) : null;
        Nginx = options.NginxEnabled ? Adopt(new NginxServer(options.Port, context)) : null;
        Prometheus = options.PrometheusEnabled ? Adopt(new PrometheusServer(context)) : null;
        // Taken before anything starts: a busy port is told at once.
        for (var i = 0; i < options.Instances; i++)
            NewInstance(environment: null);

        await Task.WhenAll(new LocalPart?[] { _postgres, Redis }.OfType<LocalPart>().Select(store => StartPartAsync(store, cancellationToken)));
        await Task.WhenAll(Instances.Select(instance => instance.StartAsync(cancellationToken)));
        foreach (var instance in Instances)
            Tell(instance);
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

    /// <summary>One more instance, ready when this returns; nginx passes people on to it soon after.</summary>
    public async Task<ApiInstance> AddInstanceAsync(
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        var instance = NewInstance(environment);
        await StartPartAsync(instance, cancellationToken);
        Nginx?.Serve(Instances);
        Prometheus?.Watch(Instances);
        return instance;
    }

    /// <summary>Stops all in good order: Prometheus, so that it takes nobody's end for a fault, nginx, the instances, then Redis, then PostgreSQL.</summary>
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

    /// <summary>kill -9 on everything at once, for a program that has to end now.</summary>
    public void KillAll()
    {
        foreach (var part in Parts)
            part.KillWithoutWaiting();
    }

    /// <summary>Stops all, lets go of the data folder, and deletes it when it was for throwing away.</summary>
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
            var instance = Adopt(new ApiInstance(number, port, Postgres, Redis, environment, Context()));
            _instances.Add(instance);
            return instance;
        }
    }

    private TPart Adopt<TPart>(TPart part)
        where TPart : LocalPart
    {
        part.UnexpectedExit += (which, exitCode) => UnexpectedExit?.Invoke(which, exitCode);
        return part;
    }

    private async Task StartPartAsync(LocalPart part, CancellationToken cancellationToken)
    {
        await part.StartAsync(cancellationToken);
        Tell(part);
    }

    private void Tell(LocalPart part) => options.Notice?.Invoke($"{part.Name,-10} {part.Endpoint,-22} log {part.LogPath}");
}
