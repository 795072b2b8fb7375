using Polls.Api.Connections;

namespace Polls.Api.Instance;

/// <summary>
/// The first half of a clean stop (G10): the instance reports that it is not ready, accepts no new connections, and
/// tells its clients to reconnect elsewhere, in random order over some seconds, so that they do not reach the other
/// instances all at once. Requests and votes are still served. The second half is the host's own shutdown.
/// </summary>
public sealed class Drain(ConnectionOutboxes outboxes, TimeProvider clock, ILogger<Drain> log)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastOnes = TimeSpan.FromSeconds(2);

    // As many as the other instances can accept, but all within ten seconds: an orchestrator allows 30 s for the whole
    // stop.
    private const int ConnectionsPerSecond = 500;
    private const double MaxSeconds = 10;
    private volatile bool started;

    /// <summary>Whether this instance is draining.</summary>
    public bool Started => started;

    /// <summary>
    /// Drains. Returns when all connections are closed, when the time is up, or when it is cancelled.
    /// </summary>
    /// <param name="hurry">Ends the draining at once.</param>
    public async Task RunAsync(CancellationToken hurry)
    {
        started = true;
        var all = outboxes.Ids.ToArray();
        InstanceLog.Draining(log, all.Length);
        try
        {
            await TellAsync(all, hurry);
            // Clients that were just connecting are not in the first list.
            var waiting = clock.GetTimestamp();
            while (outboxes.Ids.Any() && clock.GetElapsedTime(waiting) < LastOnes)
            {
                Tell(outboxes.Ids);
                await Task.Delay(Slice, clock, hurry);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop a second time: stop at once.
        }

        InstanceLog.Drained(log, outboxes.Ids.Count());
    }

    private async Task TellAsync(string[] all, CancellationToken hurry)
    {
        Random.Shared.Shuffle(all);
        var perSecond = Math.Max(ConnectionsPerSecond, all.Length / MaxSeconds);
        var began = clock.GetTimestamp();
        for (var told = 0; told < all.Length;)
        {
            var due = Math.Min(
                all.Length, (int)Math.Ceiling((clock.GetElapsedTime(began) + Slice).TotalSeconds * perSecond));
            Tell(all[told..due]);
            told = due;
            await Task.Delay(Slice, clock, hurry);
        }
    }

    private void Tell(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            outboxes.Find(id)?.SendAway();
        }
    }
}
