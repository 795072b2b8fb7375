using System.Collections.Concurrent;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>Restarts the parts of a local run that crash, with growing delays if they keep crashing.</summary>
internal sealed class Supervision : IDisposable
{
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Restarts> _restarts = new();
    private readonly LocalCluster _cluster;
    private readonly CancellationToken _stopping;

    public Supervision(LocalCluster cluster, CancellationToken stopping)
    {
        (_cluster, _stopping) = (cluster, stopping);
        _cluster.UnexpectedExit += OnUnexpectedExit;
    }

    public void Dispose() => _cluster.UnexpectedExit -= OnUnexpectedExit;

    private void OnUnexpectedExit(LocalPart part, int exitCode)
    {
        Console.Error.WriteLine(
            $"{part.Name} ended unexpectedly with exit code {exitCode}. The end of its log, "
                + $"{part.LogPath}:\n{part.LogTail()}");
        _ = RestartAsync(part);
    }

    private async Task RestartAsync(LocalPart part)
    {
        var restarts = _restarts.GetOrAdd(part.Name, _ => new());
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var delay = restarts.NextDelay();
                await Console.Error.WriteLineAsync($"{part.Name} will be restarted in {delay.TotalSeconds:0.0} s.");
                await Task.Delay(delay, _stopping);
                await part.StartAsync(_stopping);
                await Console.Error.WriteLineAsync($"{part.Name} is ready again.");
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failure)
            {
                await Console.Error.WriteLineAsync(failure.Message);
            }
        }
    }

    /// <summary>The recent restarts of one part.</summary>
    private sealed class Restarts
    {
        private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        private long _last = Environment.TickCount64;

        public TimeSpan NextDelay()
        {
            if (Environment.TickCount64 - _last > StableAfter.TotalMilliseconds)
                _backoff.Reset();
            _last = Environment.TickCount64;
            return _backoff.Next();
        }
    }
}
