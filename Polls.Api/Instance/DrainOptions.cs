using System.ComponentModel.DataAnnotations;

namespace Polls.Api.Instance;

/// <summary>How an instance sends its clients elsewhere before it goes; section <c>Drain</c>.</summary>
public sealed record DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Drain";

    /// <summary>How many connections are told to move in a second; few are gone at once. What the other instances can take in.</summary>
    [Range(1, 100_000, ErrorMessage = "Drain:ConnectionsPerSecond must be between {1} and {2}.")]
    public int ConnectionsPerSecond { get; set; } = 500;

    /// <summary>Everyone is told within this many seconds, however many they are; 0 cuts all off at the end, at once.</summary>
    [Range(0, 10, ErrorMessage = "Drain:MaxSeconds must be between {1} and {2}: the instance has to be gone 30 s after it was asked to.")]
    public double MaxSeconds { get; set; } = 10;
}
