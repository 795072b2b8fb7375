using System.Diagnostics;
using Polls.Prove.Kinds;

namespace Polls.Prove.History;

/// <summary>The acknowledged commands of the host for one poll. Thread-safe.</summary>
internal sealed class PollHistory(Guid id, string name, KindModel model, Purpose purpose = Purpose.Open)
{
    private readonly Lock sync = new();
    private readonly List<long> resets = [];
    private readonly List<(long From, long Until)> closedPeriods = [];
    private readonly List<(long After, long Before)> hiddenRanges = [];
    private int resetting;
    private long newest;
    private long lastAnswer;

    public Guid Id => id;

    /// <summary>The name in messages.</summary>
    public string Name => name;

    /// <summary>What answers to it add to its tally.</summary>
    public KindModel Model => model;

    /// <summary>What the host does with it.</summary>
    public Purpose Purpose => purpose;

    /// <summary>Whether the tally is never visible to participants.</summary>
    public bool AlwaysHidden => purpose == Purpose.Hidden;

    /// <summary>Whether the tally is visible to participants only while the poll is closed.</summary>
    public bool HiddenWhileOpen => purpose == Purpose.Timed;

    /// <summary>Whether the host resets this poll during the run.</summary>
    public bool IsReset => purpose == Purpose.Reset;

    /// <summary>Whether a reset is in progress, so that the votes may or may not exist.</summary>
    public bool IsBeingReset => Volatile.Read(ref resetting) != 0;

    /// <summary>The highest version of the tally seen so far.</summary>
    public long Newest => Interlocked.Read(ref newest);

    /// <summary>
    /// The timestamp of the last receipt or the last answer to the host; since then the final tally has not changed.
    /// </summary>
    public long LastAnswer => Interlocked.Read(ref lastAnswer);

    /// <summary>The versions of the tally at which the poll was reset, in order.</summary>
    public IReadOnlyList<long> Resets => Copy(resets);

    /// <summary>Periods from an acknowledged close to the call that opened the poll again, as timestamps.</summary>
    public IReadOnlyList<(long From, long Until)> ClosedPeriods => Copy(closedPeriods);

    /// <summary>Pairs of versions; those strictly between the two existed only while the tally was hidden.</summary>
    public IReadOnlyList<(long After, long Before)> HiddenRanges => Copy(hiddenRanges);

    public void VersionSeen(long version)
    {
        for (var known = Newest; version > known; known = Newest)
        {
            Interlocked.CompareExchange(ref newest, version, known);
        }
    }

    /// <summary>Records that a vote or a command was answered.</summary>
    public void Answered() => Interlocked.Exchange(ref lastAnswer, Stopwatch.GetTimestamp());

    public void Resetting() => Interlocked.Increment(ref resetting);

    /// <summary>Records an acknowledged reset and the version it created.</summary>
    public void WasReset(long version)
    {
        lock (sync)
        {
            resets.Add(version);
        }

        VersionSeen(version);
        Interlocked.Decrement(ref resetting);
    }

    public void WasClosed(long from, long until)
    {
        lock (sync)
        {
            closedPeriods.Add((from, until));
        }
    }

    public void WasHidden(long after, long before)
    {
        lock (sync)
        {
            hiddenRanges.Add((after, before));
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

/// <summary>What the host does with a poll during the run.</summary>
internal enum Purpose
{
    /// <summary>Nothing: it is always open, with live results.</summary>
    Open,

    /// <summary>Closes and opens it again.</summary>
    Closing,

    /// <summary>Nothing: it is always open, and only the host and screens see its result.</summary>
    Hidden,

    /// <summary>Nothing: it is always open, and who has answered sees its result. Some people never do.</summary>
    AfterVote,

    /// <summary>Hides and shows its result.</summary>
    Toggled,

    /// <summary>Resets and opens it again.</summary>
    Reset,

    /// <summary>Opens it for a second at a time; its timer closes it, and only then its result is visible.</summary>
    Timed,
}
