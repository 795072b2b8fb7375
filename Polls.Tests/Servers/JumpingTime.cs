namespace Polls.Tests.Servers;

/// <summary>The system's time, with jumps of elapsed time: what is long ago for a test was a moment ago. Timers run as always.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long ahead;

    public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref ahead);

    public void Jump(TimeSpan by) => Interlocked.Add(ref ahead, (long)(by.TotalSeconds * TimestampFrequency));
}
