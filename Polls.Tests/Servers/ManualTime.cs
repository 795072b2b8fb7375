namespace Polls.Tests.Servers;

/// <summary>A clock that stands until it is moved.</summary>
public sealed class ManualTime : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by) => now += by;
}
