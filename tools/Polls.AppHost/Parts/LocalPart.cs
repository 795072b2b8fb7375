using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// One process of a cluster, which can be started, stopped, killed and suspended on its own and keeps its port.
/// Concurrent calls on one part run one after the other.
/// </summary>
public abstract class LocalPart : IAsyncDisposable
{
    private readonly PartContext _context;
    private readonly LogFile _log;
    private readonly bool _isFixedPort;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private PortReservation _port;
    private volatile ChildProcess? _process;
    private volatile bool _exitIsExpected;
    private bool _wasReady;

    private protected LocalPart(string name, int port, PartContext context)
    {
        Name = name;
        _context = context;
        _log = context.Folder.Log(name);
        _isFixedPort = port != 0;
        _port = _isFixedPort ? PortReservation.Of(port) : PortReservation.Free();
    }

    /// <summary>Raised with the exit code when a part that was ready exits without having been stopped.</summary>
    public event Action<LocalPart, int>? UnexpectedExit;

    /// <summary>The part's name, such as <c>postgres</c> or <c>api-1</c>.</summary>
    public string Name { get; }

    /// <summary>The loopback port; it does not change after the part was ready once.</summary>
    public int Port => _port.Port;

    /// <summary>Whether the process runs, ready or not.</summary>
    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>The id of the running process; null if the part is down.</summary>
    public int? ProcessId => _process is { Exited.IsCompleted: false } process ? process.Identity.Id : null;

    /// <summary>The log file of the part.</summary>
    public string LogPath => _log.Path;

    /// <summary>The address, as shown to the user.</summary>
    public virtual string Endpoint => $"127.0.0.1:{Port}";

    private protected PartContext Context => _context;

    /// <summary>The last log lines since the last start.</summary>
    public string LogTail() => _log.Tail();

    /// <summary>Starts the part and waits until it is ready; does nothing if it runs.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        ExclusiveAsync(() => StartNowAsync(cancellationToken), cancellationToken);

    /// <summary>Stops the part, and kills it after the time-out; does nothing if it is down.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        ExclusiveAsync(() => EndAsync(kill: false), cancellationToken);

    /// <summary>Kills the process and its children (kill -9) and waits until they have exited.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) =>
        ExclusiveAsync(() => EndAsync(kill: true), cancellationToken);

    /// <summary>Stops the part and starts it again on the same port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Suspends the process and its children (SIGSTOP): connections stay open but get no answers.</summary>
    public void Suspend()
    {
        // Suspend the parent first, so that it starts no children while they are listed.
        _process?.Identity.Signal(PosixSignalNumber.Stop);
        _process?.SignalTree(PosixSignalNumber.Stop);
    }

    /// <summary>Resumes a suspended part (SIGCONT).</summary>
    public void Resume() => _process?.SignalTree(PosixSignalNumber.Continue);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        _port.Dispose();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Kills the part without waiting for its exit.</summary>
    internal void KillWithoutWaiting()
    {
        _exitIsExpected = true;
        _process?.SignalTree(PosixSignalNumber.Kill);
    }

    private protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Called when a port was in use: replaces the additional ports of the part, which may be the cause.
    /// </summary>
    private protected virtual void ReplacePorts()
    {
    }

    private protected abstract Launch CreateLaunch();

    private protected abstract Task<bool> IsReadyAsync(CancellationToken cancellationToken);

    private async Task StartNowAsync(CancellationToken cancellationToken)
    {
        if (IsRunning)
            return;

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PrepareAsync(cancellationToken);
                await LaunchAsync(CreateLaunch(), cancellationToken);
                break;
            }
            catch (StartFailedException) when (attempt < 5 && PortWasTaken())
            {
                // Another program has bound the port. It is not known to others yet, so it can be replaced.
                _port.Dispose();
                _port = PortReservation.Free();
                ReplacePorts();
            }
        }
    }

    private bool PortWasTaken() =>
        !_isFixedPort && !_wasReady && LogTail().Contains("address already in use", StringComparison.OrdinalIgnoreCase);

    private async Task LaunchAsync(Launch launch, CancellationToken cancellationToken)
    {
        _log.Mark();
        _process?.Dispose();
        _exitIsExpected = false;
        var process = _process = ChildProcess.Start(launch, _log.Path, _context.Guard);
        try
        {
            await WaitUntilReadyAsync(process, cancellationToken);
        }
        catch
        {
            await EndAsync(kill: false);
            throw;
        }

        _wasReady = true;
        _ = ReportExitAsync(process);
    }

    private async Task WaitUntilReadyAsync(ChildProcess process, CancellationToken cancellationToken)
    {
        var limit = _context.Options.StartTimeout;
        var ready = false;
        var ended = await Backoff.UntilAsync(
            async token => process.Exited.IsCompleted || (ready = await IsReadyAsync(token)), limit, cancellationToken);
        if (ready && !process.Exited.IsCompleted)
            return;

        var reason = ended
            ? $"ended with exit code {await process.Exited} before it was ready"
            : $"was not ready within {limit.TotalSeconds:0} s";
        throw new StartFailedException($"{Name} (port {Port}) {reason}. The end of its log, {LogPath}:\n{LogTail()}");
    }

    private async Task ReportExitAsync(ChildProcess process)
    {
        var exitCode = await process.Exited;
        if (!_exitIsExpected)
            UnexpectedExit?.Invoke(this, exitCode);
    }

    private async Task EndAsync(bool kill)
    {
        _exitIsExpected = true;
        if (_process is not { } process)
            return;
        await process.EndAsync(kill ? TimeSpan.Zero : _context.Options.StopTimeout);
        _process = null;
        process.Dispose();
    }

    private async Task ExclusiveAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await action();
        }
        finally
        {
            _gate.Release();
        }
    }
}
