using System.Diagnostics.CodeAnalysis;

namespace Polls.Api.LiveRooms;

/// <summary>Signals the loop of a live room that there is work. Thread-safe; repeated signals count as one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A caller that got the room just before it retired may still signal work.")]
internal sealed class RoomSignal
{
    private readonly SemaphoreSlim signal = new(0);
    private int signalled;
    private int reload;

    /// <summary>Whether the room must be reloaded.</summary>
    public bool ReloadWanted => Volatile.Read(ref reload) == 1;

    /// <summary>Signals that there may be something to send.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref signalled, 1) == 0)
        {
            signal.Release();
        }
    }

    /// <summary>Signals that the room must be reloaded.</summary>
    public void Reload()
    {
        Interlocked.Exchange(ref reload, 1);
        Wake();
    }

    /// <summary>The loop starts a reload. A later signal requests another one.</summary>
    public void ReloadBegins() => Interlocked.Exchange(ref reload, 0);

    /// <summary>Waits for a signal, at most for the given time.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await signal.WaitAsync(atMost, cancellationToken);
        Interlocked.Exchange(ref signalled, 0);
    }
}
