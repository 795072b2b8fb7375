using System.Diagnostics.CodeAnalysis;

namespace Polls.Api.LiveRooms;

/// <summary>By this a live room tells its loop that there is work. Any number of callers at once; telling it twice is telling it once.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A caller that found the room just before it retired may still tell of work.")]
internal sealed class RoomSignal
{
    private readonly SemaphoreSlim signal = new(0);
    private int signalled;
    private int reload;

    /// <summary>Whether the room has to be read anew.</summary>
    public bool ReloadWanted => Volatile.Read(ref reload) == 1;

    /// <summary>There may be something to send.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref signalled, 1) == 0)
        {
            signal.Release();
        }
    }

    /// <summary>The room has to be read anew.</summary>
    public void Reload()
    {
        Interlocked.Exchange(ref reload, 1);
        Wake();
    }

    /// <summary>The loop reads the room now: what is told from here on wants another reading.</summary>
    public void ReloadBegins() => Interlocked.Exchange(ref reload, 0);

    /// <summary>Waits until somebody tells of work, at most for so long.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        await signal.WaitAsync(atMost, cancellationToken);
        Interlocked.Exchange(ref signalled, 0);
    }
}
