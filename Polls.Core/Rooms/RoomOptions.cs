using System.ComponentModel.DataAnnotations;

namespace Polls.Core.Rooms;

/// <summary>How big rooms may become. Bound from the section <c>Rooms</c>.</summary>
public sealed record RoomOptions
{
    /// <summary>
    /// How many participants a room takes in over its life. Instances count for themselves between looks at PostgreSQL, once a
    /// second: what they let in within that second may come on top.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Rooms:MaxParticipants must be between {1} and {2}.")]
    public int MaxParticipants { get; set; } = 50_000;
}
