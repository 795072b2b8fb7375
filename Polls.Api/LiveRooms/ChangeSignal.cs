using System.Diagnostics.CodeAnalysis;

namespace Polls.Api.LiveRooms;

/// <summary>Wakes the one loop that waits for it. Changes since its last wait count as one. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Callers that got the room just before it retired still set it.")]
internal sealed class ChangeSignal
{
    private readonly SemaphoreSlim changes = new(0);
    private int isSet;

    /// <summary>Something has changed.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref isSet, 1) == 0)
        {
            changes.Release();
        }
    }

    /// <summary>Waits for a change, at most for the given time.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await changes.WaitAsync(atMost, cancellationToken);
        Interlocked.Exchange(ref isSet, 0);
    }
}
