using System.ComponentModel.DataAnnotations;

namespace Polls.Core.Rooms;

/// <summary>Maximum size of rooms. Bound from the section <c>Rooms</c>.</summary>
public sealed record RoomOptions
{
    /// <summary>
    /// Maximum number of participants that may join a room over its life. Instances read the count once a second and
    /// count local joins in between, so joins on other instances within that second may exceed it.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Rooms:MaxParticipants must be between {1} and {2}.")]
    public int MaxParticipants { get; set; } = 50_000;
}
