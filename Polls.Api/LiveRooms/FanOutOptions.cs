using System.ComponentModel.DataAnnotations;

namespace Polls.Api.LiveRooms;

/// <summary>How often the clients of a room receive updates. Bound from the section <c>FanOut</c>.</summary>
public sealed record FanOutOptions
{
    /// <summary>The time between two updates of tallies that a person in a small room gets, in milliseconds.</summary>
    [Range(10, 1000, ErrorMessage = "FanOut:MinIntervalMilliseconds must be between {1} and {2}.")]
    public int MinIntervalMilliseconds { get; set; } = 50;

    /// <summary>The longest time between two updates that depends on the size of the room, in milliseconds.</summary>
    [Range(10, 5000, ErrorMessage = "FanOut:MaxIntervalMilliseconds must be between {1} and {2}.")]
    public int MaxIntervalMilliseconds { get; set; } = 250;

    /// <summary>Microseconds of interval per connection: sets the pace of large rooms.</summary>
    [Range(0, 1000, ErrorMessage = "FanOut:MicrosecondsPerConnection must be between {1} and {2}.")]
    public int MicrosecondsPerConnection { get; set; } = 15;
}
