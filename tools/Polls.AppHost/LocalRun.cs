using System.Diagnostics;
using System.Runtime.InteropServices;
using Polls.AppHost.Data;

namespace Polls.AppHost;

/// <summary>A cluster on somebody's machine: runs until it is asked to end, and restarts what crashes.</summary>
internal sealed class LocalRun : IDisposable
{
    // Programs between the terminal and this one (timeout, npm...) pass on a signal that the kernel delivered as well.
    private static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(500);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<PosixSignalRegistration> _signals;
    private LocalCluster? _cluster;
    private readonly Lock _gate = new();
    private long? _asked;

    public LocalRun() => _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal)),
    ];

    public async Task<int> RunAsync(CommandLine wanted)
    {
        try
        {
            await using var cluster = _cluster = new(new()
            {
                DataDirectory = wanted.DataDirectory ?? UsualData(wanted.Port),
                Instances = wanted.Instances,
                Port = wanted.Port,
                RedisEnabled = wanted.RedisEnabled,
                NginxEnabled = wanted.NginxEnabled,
                PrometheusEnabled = wanted.Observe,
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

    /// <summary>The folder of runs that name none (./run says where); beside a run that holds it, one of this port's own.</summary>
    private static string UsualData(int port)
    {
        var usual = Environment.GetEnvironmentVariable("POLLS_DATA") is { Length: > 0 } given ? given : ".data";
        if (!DataFolder.IsHeld(usual))
            return usual;

        var own = $"{usual}-{port}";
        Console.WriteLine($"Another Polls runs on '{usual}': this one keeps its data in '{own}'.");
        return own;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        switch (Classify())
        {
            case Request.First:
                Console.WriteLine("Stopping; once more to kill.");
                _stopping.Cancel();
                break;
            case Request.Second:
                // What this misses, such as a part that is just starting, the guard ends.
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
            if (_asked is { } asked)
                return Stopwatch.GetElapsedTime(asked, now) < SameRequest ? Request.Repeated : Request.Second;
            _asked = now;
            return Request.First;
        }
    }

    private enum Request
    {
        First,
        Repeated,
        Second,
    }
}
