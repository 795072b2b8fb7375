using System.ComponentModel.DataAnnotations;

namespace Polls.Api.LiveRooms;

/// <summary>How often the clients of a room receive updates. Bound from the section <c>FanOut</c>.</summary>
public sealed record FanOutOptions
{
    /// <summary>The shortest time between two updates of a room, in milliseconds.</summary>
    [Range(10, 1000, ErrorMessage = "FanOut:MinIntervalMilliseconds must be between {1} and {2}.")]
    public int MinIntervalMilliseconds { get; set; } = 50;

    /// <summary>The longest time between two updates that depends on the size of the room, in milliseconds.</summary>
    [Range(10, 5000, ErrorMessage = "FanOut:MaxIntervalMilliseconds must be between {1} and {2}.")]
    public int MaxIntervalMilliseconds { get; set; } = 250;

    /// <summary>Microseconds of interval per connection: sets the pace of large rooms.</summary>
    [Range(0, 1000, ErrorMessage = "FanOut:MicrosecondsPerConnection must be between {1} and {2}.")]
    public int MicrosecondsPerConnection { get; set; } = 15;
}

/// <summary>
/// The pace of updates. The first change is sent at once. After that, a room waits between updates for 50 ms or 15 µs per connection,
/// whichever is longer (50 ms up to 3,300 connections, 150 ms at 10,000, at most 250 ms), and at least twice as long as its last update
/// took. So fan-out takes at most half of the time, and votes get the rest. With three quarters for fan-out, screens of 10,000 people
/// were not updated sooner, and receipts arrived five times as late (docs/performance.md).
/// </summary>
public static class FanOutPace
{
    /// <summary>The time from one update to the next.</summary>
    public static TimeSpan IntervalAfter(FanOutOptions options, int connections, TimeSpan lastTook)
    {
        var bySize = Math.Clamp(
            connections * options.MicrosecondsPerConnection / 1000.0,
            options.MinIntervalMilliseconds,
            options.MaxIntervalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(bySize, 2 * lastTook.TotalMilliseconds));
    }
}
