using System.Diagnostics;
using Polls.AppHost;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>Checks during and after a fault: G8, G9 and G10.</summary>
internal sealed class FaultChecks(ProofCluster cluster, Crowd crowd, RunHistory history, StorageCheck storage)
{
    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReconnectRequestLimit = TimeSpan.FromSeconds(5);

    private IEnumerable<ApiInstance> Running => cluster.Local.Instances.Where(instance => instance.IsRunning);

    public void DatabaseWasDown(long from, long until) => history.DatabaseWasDown(from, until);

    /// <summary>Called right after a restart of PostgreSQL, before new votes replace lost ones.</summary>
    public Task CheckStorageAsync(CancellationToken cancellationToken) => storage.CheckAsync(cancellationToken);

    /// <summary>
    /// While Redis is down, or takes no writes: votes get receipts, screens are updated, and health reports "degraded".
    /// </summary>
    public async Task WithoutRedisAsync(CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var receipts = history.Receipts;
        foreach (var instance in Running)
        {
            if (await ReportsAsync(instance, 200, "degraded", TimeSpan.FromSeconds(8), cancellationToken))
            {
                history.Verdicts.Checked(Guarantee.G8, "instances that reported degraded while Redis was down");
            }
            else
            {
                history.Verdicts.Break(
                    Guarantee.G8, $"{instance.Name} did not report degraded within 8 s without Redis.");
            }
        }

        // Instances now learn of changes from PostgreSQL.
        if (!await UntilAsync(
            () => crowd.Screens.All(screen => screen.Shown.Values.Any(poll => poll.Since > begun)),
            TimeSpan.FromSeconds(8),
            cancellationToken))
        {
            history.Verdicts.Break(
                Guarantee.G8, "While Redis was down, not every screen showed a new tally within 8 s.");
        }

        history.Verdicts.Checked(
            Guarantee.G8, "screens that showed new tallies while Redis was down", crowd.Screens.Count);
        if (!await UntilAsync(() => history.Receipts > receipts, TimeSpan.FromSeconds(8), cancellationToken))
        {
            history.Verdicts.Break(Guarantee.G8, "While Redis was down, no vote got a receipt within 8 s.");
        }

        history.Verdicts.Checked(Guarantee.G8, "receipts while Redis was down", history.Receipts - receipts);
    }

    /// <summary>
    /// While PostgreSQL is down, or takes no writes: health reports "unhealthy". <see cref="ReceiptCheck"/> looks for
    /// receipts at the end.
    /// </summary>
    public async Task WithoutPostgresAsync(CancellationToken cancellationToken)
    {
        foreach (var instance in Running)
        {
            if (await ReportsAsync(instance, 503, "unhealthy", TimeSpan.FromSeconds(10), cancellationToken))
            {
                history.Verdicts.Checked(Guarantee.G9, "instances that reported unhealthy while PostgreSQL was down");
            }
            else
            {
                history.Verdicts.Break(
                    Guarantee.G9, $"{instance.Name} did not report unhealthy within 10 s without PostgreSQL.");
            }
        }
    }

    /// <summary>After the store is back: every instance reports "healthy" without a restart.</summary>
    public async Task CheckHealthyAsync(Guarantee guarantee, string store, CancellationToken cancellationToken)
    {
        foreach (var instance in Running)
        {
            if (await ReportsAsync(instance, 200, "healthy", RecoveryLimit, cancellationToken))
            {
                history.Verdicts.Checked(guarantee, $"instances healthy again after {store} came back");
            }
            else
            {
                history.Verdicts.Break(
                    guarantee,
                    $"{instance.Name} was not healthy again {RecoveryLimit.TotalSeconds:0} s after {store} came back.");
            }
        }
    }

    /// <summary>
    /// Sends SIGTERM: the instance must report that it is not ready, ask its clients to reconnect, and exit in time.
    /// </summary>
    public async Task StopAsync(ApiInstance instance, CancellationToken cancellationToken)
    {
        var clients = await MetricsCheck.ValueAsync(
            instance, "websocket_connections_current", cancellationToken) - crowd.Stalled.Count;
        var requests = history.ReconnectRequests;
        var started = Stopwatch.GetTimestamp();
        var stopping = instance.StopAsync(cancellationToken);
        var isReady = true;
        while (!stopping.IsCompleted && isReady)
        {
            await Task.Delay(50, cancellationToken);
            isReady = await ProofCluster.HealthAsync(instance, "/health/ready", cancellationToken) is { Status: 200 };
            if (isReady && Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(3))
            {
                history.Verdicts.Break(Guarantee.G10, $"{instance.Name} still reports ready 3 s after SIGTERM.");
                break;
            }
        }

        await stopping;
        var took = Stopwatch.GetElapsedTime(started);
        history.Verdicts.Checked(Guarantee.G10, "instances stopped by SIGTERM while people voted");
        if (took > ExitLimit)
        {
            history.Verdicts.Break(Guarantee.G10, $"{instance.Name} took {took.TotalSeconds:0.0} s to exit.");
        }

        if (clients > 0
            && !await UntilAsync(() => history.ReconnectRequests > requests, ReconnectRequestLimit, cancellationToken))
        {
            history.Verdicts.Break(
                Guarantee.G10, $"{instance.Name} exited and asked none of its {clients:0} clients to reconnect.");
        }

        history.Verdicts.Checked(
            Guarantee.G10, "clients asked to reconnect by an exiting instance", history.ReconnectRequests - requests);
    }

    /// <summary>Waits for a condition; returns false after the time limit.</summary>
    public static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); !condition();)
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }

            await Task.Delay(20, cancellationToken);
        }

        return true;
    }

    private static async Task<bool> ReportsAsync(
        ApiInstance instance, int status, string word, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < limit;)
        {
            if (await ProofCluster.HealthAsync(instance, "/health", cancellationToken) is { } health
                && health.Status == status
                && health.Report.Contains($"\"status\":\"{word}\"", StringComparison.Ordinal))
            {
                return true;
            }

            await Task.Delay(100, cancellationToken);
        }

        return false;
    }
}
