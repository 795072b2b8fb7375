using Microsoft.Extensions.Options;
using Polls.Api.Connections;

namespace Polls.Api.Instance;

/// <summary>
/// The first half of a clean end (G10): the instance says that it is not ready, takes no new connections, and tells those it
/// has to move, in random order and spread over some seconds, so that they do not all knock at the others at once. Requests and
/// votes go on as ever. The second half is the host's own shutdown.
/// </summary>
public sealed class Drain(ConnectionOutboxes outboxes, IOptions<DrainOptions> options, TimeProvider clock, ILogger<Drain> log)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastOnes = TimeSpan.FromSeconds(2);
    private volatile bool started;

    /// <summary>Whether this instance is on its way out.</summary>
    public bool Started => started;

    /// <summary>Returns when every connection has left, or the time is up, or at once when told so.</summary>
    public async Task RunAsync(CancellationToken hurry)
    {
        started = true;
        var all = outboxes.Ids.ToArray();
        InstanceLog.Draining(log, all.Length);
        if (options.Value.MaxSeconds == 0)
        {
            return;
        }

        try
        {
            await TellAsync(all, hurry);
            // Whoever was just connecting when it began is not among them.
            var waiting = clock.GetTimestamp();
            while (outboxes.Ids.Any() && clock.GetElapsedTime(waiting) < LastOnes)
            {
                Tell(outboxes.Ids);
                await Task.Delay(Slice, clock, hurry);
            }
        }
        catch (OperationCanceledException)
        {
            // Asked once more: now.
        }

        InstanceLog.Drained(log, outboxes.Ids.Count());
    }

    private async Task TellAsync(string[] all, CancellationToken hurry)
    {
        Random.Shared.Shuffle(all);
        var perSecond = Math.Max(options.Value.ConnectionsPerSecond, all.Length / options.Value.MaxSeconds);
        var began = clock.GetTimestamp();
        for (var told = 0; told < all.Length;)
        {
            var due = Math.Min(all.Length, (int)Math.Ceiling((clock.GetElapsedTime(began) + Slice).TotalSeconds * perSecond));
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
