using System.ComponentModel.DataAnnotations;

namespace Polls.Api.LiveRooms;

/// <summary>How often a room's screens are updated. Bound from the section <c>FanOut</c>.</summary>
public sealed record FanOutOptions
{
    /// <summary>Shortest time between two updates of a room, in milliseconds.</summary>
    [Range(10, 1000, ErrorMessage = "FanOut:MinIntervalMilliseconds must be between {1} and {2}.")]
    public int MinIntervalMilliseconds { get; set; } = 50;

    /// <summary>Longest time between two updates of a room that the size of the room may ask for, in milliseconds.</summary>
    [Range(10, 5000, ErrorMessage = "FanOut:MaxIntervalMilliseconds must be between {1} and {2}.")]
    public int MaxIntervalMilliseconds { get; set; } = 250;

    /// <summary>Microseconds of interval per connection: the pace of a large room.</summary>
    [Range(0, 1000, ErrorMessage = "FanOut:MicrosecondsPerConnection must be between {1} and {2}.")]
    public int MicrosecondsPerConnection { get; set; } = 15;
}

/// <summary>
/// The rule of the pace: the first change goes out at once; after that a room waits, from one update to the next,
/// 50 ms or 15 µs per connection, whichever is longer (50 ms up to 3,300 connections, 150 ms at 10,000, never more than 250 ms), and
/// at least twice as long as its last update took, so that fan-out takes at most half of the time and votes get the rest: with three
/// quarters, screens of 10,000 people were no sooner up to date and receipts five times as late (docs/performance.md).
/// </summary>
public static class FanOutPace
{
    /// <summary>How long after an update the next one may start.</summary>
    public static TimeSpan IntervalAfter(FanOutOptions options, int connections, TimeSpan lastTook)
    {
        var bySize = Math.Clamp(
            connections * options.MicrosecondsPerConnection / 1000.0,
            options.MinIntervalMilliseconds,
            options.MaxIntervalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Max(bySize, 2 * lastTook.TotalMilliseconds));
    }
}
