namespace Polls.Core.Storage;

/// <summary>
/// Something that people added to a poll, such as a word. Always equals the recount of the poll's votes. A word exists
/// until the poll is reset, also while no vote has it; a number while a vote has it.
/// </summary>
public sealed class EntryRow
{
    /// <summary>The poll.</summary>
    public required Guid PollId { get; init; }

    /// <summary>Number within the poll, from 1, in order of first appearance.</summary>
    public required int N { get; init; }

    /// <summary>What makes two spellings the same entry; unique within the poll.</summary>
    public required string Key { get; init; }

    /// <summary>The first spelling.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// How many votes have the key. If others were merged into this entry: how many have any of their keys.
    /// </summary>
    public required int Count { get; set; }

    /// <summary>Who may see it.</summary>
    public EntryState State { get; set; }

    /// <summary>The entry that the host merged this one into.</summary>
    public int? MergedInto { get; set; }

    /// <summary>
    /// The entry at the end of that chain: where the votes of this one are counted. Null if it is not merged.
    /// </summary>
    public int? Root { get; set; }
}

/// <summary>Who may see an entry.</summary>
public enum EntryState
{
    /// <summary>Everyone who may see the result.</summary>
    Shown = 0,

    /// <summary>Only hosts: a host has hidden it.</summary>
    Hidden = 1,

    /// <summary>Only hosts: all entries of the poll wait until a host shows them.</summary>
    Review = 2,

    /// <summary>Only hosts: it waits because it contains a word of the filter.</summary>
    Filtered = 3,
}
