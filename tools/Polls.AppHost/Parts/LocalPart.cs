using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// One process of a cluster that can be started, stopped and broken on its own, always on the same port.
/// Calls on one part wait for each other.
/// </summary>
public abstract class LocalPart : IAsyncDisposable
{
    private readonly PartContext _context;
    private readonly LogFile _log;
    private readonly bool _portIsGiven;
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
        _portIsGiven = port != 0;
        _port = _portIsGiven ? PortReservation.Of(port) : PortReservation.Free();
    }

    /// <summary>Raised with the exit code when a part that was ready ends though nobody asked it to.</summary>
    public event Action<LocalPart, int>? UnexpectedExit;

    /// <summary>The part's name, such as <c>postgres</c> or <c>api-1</c>.</summary>
    public string Name { get; }

    /// <summary>The loopback port; once the part was ready it never changes.</summary>
    public int Port => _port.Port;

    /// <summary>Whether the process runs, ready or not.</summary>
    public bool IsRunning => _process is { Exited.IsCompleted: false };

    /// <summary>The running process; null when the part is down.</summary>
    public int? ProcessId => _process is { Exited.IsCompleted: false } process ? process.Identity.Id : null;

    /// <summary>Where the part's output goes.</summary>
    public string LogPath => _log.Path;

    /// <summary>Where it answers, for people to read.</summary>
    public virtual string Endpoint => $"127.0.0.1:{Port}";

    private protected PartContext Context => _context;

    /// <summary>The last lines the part wrote since its last start.</summary>
    public string LogTail() => _log.Tail();

    /// <summary>Starts the part and waits until it is ready; does nothing when it runs.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) =>
        AloneAsync(() => StartNowAsync(cancellationToken), cancellationToken);

    /// <summary>Ends the part in good order, by force once the time is up; does nothing when it is down.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) =>
        AloneAsync(() => EndAsync(kill: false), cancellationToken);

    /// <summary>kill -9 on the process and its children; returns when they are gone.</summary>
    public Task KillAsync(CancellationToken cancellationToken = default) =>
        AloneAsync(() => EndAsync(kill: true), cancellationToken);

    /// <summary>Stops and starts again on the same port.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync(cancellationToken);
        await StartAsync(cancellationToken);
    }

    /// <summary>Freezes the process and its children (SIGSTOP): connections stay, answers do not come.</summary>
    public void Suspend()
    {
        // The parent first and alone: after that it starts no further children behind our back.
        _process?.Identity.Signal(PosixSignalNumber.Stop);
        _process?.SignalTree(PosixSignalNumber.Stop);
    }

    /// <summary>Lets a suspended part go on.</summary>
    public void Resume() => _process?.SignalTree(PosixSignalNumber.Continue);

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await StopAsync();
        _port.Dispose();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>For a program that has to end at once: no waiting, no order.</summary>
    internal void KillWithoutWaiting()
    {
        _exitIsExpected = true;
        _process?.SignalTree(PosixSignalNumber.Kill);
    }

    private protected virtual Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A port was taken: further ones that the part has of its own may be it.</summary>
    private protected virtual void TakeOtherPorts()
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
                // Someone bound the port without asking: as long as nobody knows it, another one does as well.
                _port.Dispose();
                _port = PortReservation.Free();
                TakeOtherPorts();
            }
        }
    }

    private bool PortWasTaken() =>
        !_portIsGiven && !_wasReady && LogTail().Contains("address already in use", StringComparison.OrdinalIgnoreCase);

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

        var why = ended
            ? $"ended with exit code {await process.Exited} before it was ready"
            : $"was not ready within {limit.TotalSeconds:0} s";
        throw new StartFailedException($"{Name} (port {Port}) {why}. The end of its log, {LogPath}:\n{LogTail()}");
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

    private async Task AloneAsync(Func<Task> action, CancellationToken cancellationToken)
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
