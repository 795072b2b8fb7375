using System.Diagnostics;

namespace Polls.Prove.History;

/// <summary>What the host did with one poll, as far as it was acknowledged.</summary>
internal sealed class PollStory(Guid id, string name, int options, int maxChoices)
{
    private readonly Lock sync = new();
    private readonly List<long> resets = [];
    private readonly List<(long From, long Until)> closures = [];
    private readonly List<(long After, long Before)> hidings = [];
    private int unsettled;
    private long newest;
    private long lastAnswer;

    public Guid Id => id;

    /// <summary>For people.</summary>
    public string Name => name;

    public int Options => options;

    public int MaxChoices => maxChoices;

    /// <summary>Participants must never see its tally.</summary>
    public bool AlwaysHidden { get; init; }

    /// <summary>Participants must see its tally only once it is closed.</summary>
    public bool HiddenWhileOpen { get; init; }

    /// <summary>Whether its votes go now and then.</summary>
    public bool IsReset { get; init; }

    /// <summary>A reset is under way: whether its votes are still there cannot be said.</summary>
    public bool IsUnsettled => Volatile.Read(ref unsettled) != 0;

    /// <summary>The highest version of the tally that anybody has heard of.</summary>
    public long Newest => Interlocked.Read(ref newest);

    /// <summary>When the last receipt came, or the host was last told that something is done, as a timestamp: what there is to show is fixed since then.</summary>
    public long LastAnswer => Interlocked.Read(ref lastAnswer);

    /// <summary>Versions of the tally at which all votes were taken away, in order.</summary>
    public IReadOnlyList<long> Resets => Copy(resets);

    /// <summary>From an acknowledged close to the call that opened the poll again, as timestamps.</summary>
    public IReadOnlyList<(long From, long Until)> Closures => Copy(closures);

    /// <summary>Versions strictly between these two existed only while the tally was hidden.</summary>
    public IReadOnlyList<(long After, long Before)> Hidings => Copy(hidings);

    public void Heard(long version)
    {
        for (var known = Newest; version > known; known = Newest)
        {
            Interlocked.CompareExchange(ref newest, version, known);
        }
    }

    /// <summary>Somebody was told that what was asked for is done.</summary>
    public void Answered() => Interlocked.Exchange(ref lastAnswer, Stopwatch.GetTimestamp());

    public void Resetting() => Interlocked.Increment(ref unsettled);

    /// <summary>The reset was acknowledged; it made this version.</summary>
    public void WasReset(long version)
    {
        lock (sync)
        {
            resets.Add(version);
        }

        Heard(version);
        Interlocked.Decrement(ref unsettled);
    }

    public void WasClosed(long from, long until)
    {
        lock (sync)
        {
            closures.Add((from, until));
        }
    }

    public void WasHidden(long after, long before)
    {
        lock (sync)
        {
            hidings.Add((after, before));
        }
    }

    private T[] Copy<T>(List<T> list)
    {
        lock (sync)
        {
            return [.. list];
        }
    }
}
