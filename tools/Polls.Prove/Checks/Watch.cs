using System.Diagnostics;
using Polls.AppHost;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>What is promised for the time of a fault: G8, G9 and G10.</summary>
internal sealed class Watch(Arena arena, Crowd crowd, Chronicle chronicle, StorageCheck storage)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RolloutLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TellingLimit = TimeSpan.FromSeconds(5);

    private IEnumerable<ApiInstance> Running => arena.Cluster.Instances.Where(instance => instance.IsRunning);

    public void DatabaseWasAway(long from, long until) => chronicle.DatabaseWasAway(from, until);

    /// <summary>PostgreSQL has just come back: compares at once, before new votes cover up what is missing.</summary>
    public Task LookAsync(CancellationToken cancellationToken) => storage.LookAsync(cancellationToken);

    /// <summary>Redis is away: votes are committed, screens on every instance go on, and health says so.</summary>
    public async Task WithoutRedisAsync(CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var receipts = chronicle.Receipts;
        foreach (var instance in Running)
        {
            if (await SaysAsync(instance, 200, "degraded", TimeSpan.FromSeconds(8), cancellationToken))
            {
                chronicle.Verdicts.Checked(Guarantee.G8, "instances that said degraded while Redis was away");
            }
            else
            {
                chronicle.Verdicts.Break(Guarantee.G8, $"{instance.Name} did not say that it is degraded within 8 s without Redis.");
            }
        }

        // News travel through PostgreSQL now.
        if (!await UntilAsync(() => crowd.Screens.All(screen => screen.Shown.Values.Any(poll => poll.Since > begun)), TimeSpan.FromSeconds(8), cancellationToken))
        {
            chronicle.Verdicts.Break(Guarantee.G8, "While Redis was away, not every screen was shown a new tally within 8 s.");
        }

        chronicle.Verdicts.Checked(Guarantee.G8, "screens that were shown new tallies while Redis was away", crowd.Screens.Count);
        if (!await UntilAsync(() => chronicle.Receipts > receipts, TimeSpan.FromSeconds(8), cancellationToken))
        {
            chronicle.Verdicts.Break(Guarantee.G8, "While Redis was away nobody got a receipt within 8 s.");
        }

        chronicle.Verdicts.Checked(Guarantee.G8, "receipts while Redis was away", chronicle.Receipts - receipts);
    }

    /// <summary>PostgreSQL is away: health says so. That nothing is acknowledged the receipts tell in the end.</summary>
    public async Task WithoutPostgresAsync(CancellationToken cancellationToken)
    {
        foreach (var instance in Running)
        {
            if (await SaysAsync(instance, 503, "unhealthy", TimeSpan.FromSeconds(10), cancellationToken))
            {
                chronicle.Verdicts.Checked(Guarantee.G9, "instances that said unhealthy while PostgreSQL was away");
            }
            else
            {
                chronicle.Verdicts.Break(Guarantee.G9, $"{instance.Name} did not say that it is unhealthy within 10 s without PostgreSQL.");
            }
        }
    }

    /// <summary>What was away is back: every instance says that it is healthy, without a restart.</summary>
    public async Task HealthyAsync(Guarantee guarantee, string what, CancellationToken cancellationToken)
    {
        foreach (var instance in Running)
        {
            if (await SaysAsync(instance, 200, "healthy", Recovery, cancellationToken))
            {
                chronicle.Verdicts.Checked(guarantee, $"instances healthy again after {what} came back");
            }
            else
            {
                chronicle.Verdicts.Break(guarantee, $"{instance.Name} was not healthy again {Recovery.TotalSeconds:0} s after {what} came back.");
            }
        }
    }

    /// <summary>SIGTERM: it has to refuse to be called ready, to tell its people to move, and to be gone in time.</summary>
    public async Task StopAsync(ApiInstance instance, CancellationToken cancellationToken)
    {
        var people = await Metrics.ValueAsync(instance, "websocket_connections_current", cancellationToken) - crowd.Stalled.Count;
        var moves = chronicle.Moves;
        var started = Stopwatch.GetTimestamp();
        var stopping = instance.StopAsync(cancellationToken);
        var isReady = true;
        while (!stopping.IsCompleted && isReady)
        {
            await Task.Delay(50, cancellationToken);
            isReady = await Arena.HealthAsync(instance, "/health/ready", cancellationToken) is { Status: 200 };
            if (isReady && Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(3))
            {
                chronicle.Verdicts.Break(Guarantee.G10, $"{instance.Name} still calls itself ready 3 s after SIGTERM.");
                break;
            }
        }

        await stopping;
        var took = Stopwatch.GetElapsedTime(started);
        chronicle.Verdicts.Checked(Guarantee.G10, "instances stopped by SIGTERM while people voted");
        if (took > RolloutLimit)
        {
            chronicle.Verdicts.Break(Guarantee.G10, $"{instance.Name} took {took.TotalSeconds:0.0} s to end.");
        }

        if (people > 0 && !await UntilAsync(() => chronicle.Moves > moves, TellingLimit, cancellationToken))
        {
            chronicle.Verdicts.Break(Guarantee.G10, $"{instance.Name} ended and told none of its {people:0} clients to move.");
        }

        chronicle.Verdicts.Checked(Guarantee.G10, "clients told to move by an instance that ended", chronicle.Moves - moves);
    }

    /// <summary>Waits for a condition; false when it did not come true in time.</summary>
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

    private static async Task<bool> SaysAsync(ApiInstance instance, int status, string word, TimeSpan limit, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < limit;)
        {
            if (await Arena.HealthAsync(instance, "/health", cancellationToken) is { } health
                && health.Status == status && health.Report.Contains($"\"status\":\"{word}\"", StringComparison.Ordinal))
            {
                return true;
            }

            await Task.Delay(100, cancellationToken);
        }

        return false;
    }
}
