using System.Diagnostics;
using System.Runtime.InteropServices;
using Polls.AppHost.Data;

namespace Polls.AppHost;

/// <summary>Implements <c>./run</c>: a cluster that runs until a signal, with crashed parts restarted.</summary>
internal sealed class LocalRun : IDisposable
{
    // A signal may arrive twice: from the kernel and from a parent process (timeout, npm, ...) that forwards it.
    private static readonly TimeSpan DuplicateWindow = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _signals;
    private LocalCluster? _cluster;
    private readonly Lock _gate = new();
    private long? _firstRequest;

    public LocalRun() => _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal)),
    ];

    public async Task<int> RunAsync(CommandLine options)
    {
        try
        {
            await using var cluster = _cluster = new(new()
            {
                DataDirectory = options.DataDirectory ?? DefaultDataDirectory(options.Port),
                Instances = options.Instances,
                Port = options.Port,
                RedisEnabled = options.RedisEnabled,
                NginxEnabled = options.NginxEnabled,
                PrometheusEnabled = options.Observe,
                Notice = Console.WriteLine,
            });
            using var supervision = new Supervision(cluster, _stopping.Token);
            await cluster.StartAsync(_stopping.Token);
            Console.WriteLine($"Polls is ready: {cluster.Address.OriginalString}");
            await Task.Delay(Timeout.Infinite, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            Console.WriteLine("Polls has stopped.");
        }
        catch (StartFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }

        return 0;
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _stopping.Dispose();
    }

    /// <summary>
    /// The default folder (<c>POLLS_DATA</c>, set by ./run), or one for this port if another run uses it.
    /// </summary>
    private static string DefaultDataDirectory(int port)
    {
        var shared = Environment.GetEnvironmentVariable("POLLS_DATA") is { Length: > 0 } given ? given : ".data";
        if (!DataFolder.IsLocked(shared))
            return shared;

        var own = $"{shared}-{port}";
        Console.WriteLine($"Another Polls uses '{shared}': this one keeps its data in '{own}'.");
        return own;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        switch (Classify())
        {
            case Request.First:
                Console.WriteLine("Stopping. Press Ctrl-C again to kill all processes.");
                _stopping.Cancel();
                break;
            case Request.Second:
                // The guard ends what this misses, such as a part that is just starting.
                _cluster?.KillAll();
                Environment.Exit(130);
                break;
            default:
                break;
        }
    }

    private Request Classify()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            if (_firstRequest is { } first)
                return Stopwatch.GetElapsedTime(first, now) < DuplicateWindow ? Request.Duplicate : Request.Second;
            _firstRequest = now;
            return Request.First;
        }
    }

    private enum Request
    {
        First,
        Duplicate,
        Second,
    }
}
