using System.ComponentModel.DataAnnotations;

namespace Polls.Api.Instance;

/// <summary>
/// How an instance moves its clients to other instances before it stops. Bound from the section <c>Drain</c>.
/// </summary>
public sealed record DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Drain";

    /// <summary>
    /// Connections told to move per second: as many as the other instances can accept. A small number is moved at once.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = "Drain:ConnectionsPerSecond must be between {1} and {2}.")]
    public int ConnectionsPerSecond { get; set; } = 500;

    /// <summary>
    /// Seconds within which all connections are told. 0 tells none; the shutdown then closes all at once.
    /// </summary>
    [Range(
        0, 10,
        ErrorMessage = "Drain:MaxSeconds must be between {1} and {2}: "
            + "the instance has to be gone 30 s after it was asked to.")]
    public double MaxSeconds { get; set; } = 10;
}
