namespace Polls.Core.RoomPolls;

/// <summary>
/// The versions of a poll for which a host has decided on a command. Another version means that another host has
/// changed the poll meanwhile.
/// </summary>
/// <param name="Known">The versions; null for any.</param>
public readonly record struct PollVersions(IReadOnlyList<long>? Known)
{
    /// <summary>The command does not depend on the version.</summary>
    public static PollVersions Any { get; }

    /// <summary>Whether the command was meant for this version.</summary>
    public bool Contain(long version) => Known?.Contains(version) != false;
}
