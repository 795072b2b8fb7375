using System.Runtime.InteropServices;

namespace Polls.Api.Instance;

/// <summary>
/// Handles signals: SIGTERM drains first; a second SIGTERM, or SIGINT (Ctrl-C), stops at once. Replaces the framework's
/// lifetime, which closes all connections at the same moment on SIGTERM.
/// </summary>
public sealed class DrainingLifetime(
    IServiceProvider services, IHostApplicationLifetime application, ILogger<DrainingLifetime> log)
    : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource hurry = new();
    private readonly List<PosixSignalRegistration> signals = [];
    private int asked;

    /// <inheritdoc />
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Take(context, Terminate)));
        signals.Add(PosixSignalRegistration.Create(
            PosixSignal.SIGINT, context => Take(context, application.StopApplication)));
        signals.Add(PosixSignalRegistration.Create(
            PosixSignal.SIGQUIT, context => Take(context, application.StopApplication)));
        return Task.CompletedTask;
    }

    /// <summary>Called last, when everything else has stopped.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        InstanceLog.Stopped(log);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        signals.ForEach(signal => signal.Dispose());
        hurry.Dispose();
    }

    private static void Take(PosixSignalContext context, Action act)
    {
        context.Cancel = true;
        act();
    }

    private void Terminate()
    {
        // Before the application has started there are no connections to move.
        if (Interlocked.Increment(ref asked) == 1 && application.ApplicationStarted.IsCancellationRequested)
        {
            _ = DrainAndStopAsync();
        }
        else
        {
            hurry.Cancel();
            application.StopApplication();
        }
    }

    private async Task DrainAndStopAsync()
    {
        try
        {
            // Resolved late: the host creates this object before it checks the configuration, and Drain depends on the
            // hub and Redis.
            await services.GetRequiredService<Drain>().RunAsync(hurry.Token);
        }
        catch (Exception exception)
        {
            InstanceLog.DrainFailed(log, exception);
        }

        application.StopApplication();
    }
}
