namespace Polls.Bench.Load;

/// <summary>One person with one connection.</summary>
internal sealed class Person
{
    public required int Index { get; init; }

    /// <summary>The place of the port among those that were given.</summary>
    public required int Door { get; init; }

    public required RoomSpec Room { get; init; }

    /// <summary>The ids of the room's polls as they stand in messages.</summary>
    public required byte[][] PollIds { get; init; }

    /// <summary>Source address, as on the wire.</summary>
    public required uint From { get; init; }

    public required uint Mask { get; init; }

    public Stage Stage { get; set; }

    public int Socket { get; set; } = -1;

    /// <summary>Who this is, once joined.</summary>
    public string Id { get; set; } = "";

    public string Token { get; set; } = "";

    /// <summary>When this person set out to be here.</summary>
    public long Started { get; set; }

    /// <summary>What came of a message whose end did not come yet.</summary>
    public byte[]? Unread { get; set; }

    /// <summary>The frames so far of a message that comes in several; null when there is none.</summary>
    public byte[]? Pieces { get; set; }

    /// <summary>What the socket did not take yet.</summary>
    public byte[]? Unsent { get; set; }

    /// <summary>The vote under way; null when there is none.</summary>
    public Vote? Voting { get; set; }

    /// <summary>Votes that were to be cast while another one was under way.</summary>
    public Queue<Vote>? Waiting { get; set; }

    /// <summary>The highest revision used in each poll.</summary>
    public required int[] Revisions { get; init; }

    /// <summary>The highest revision that each poll gave a receipt for; 0: none.</summary>
    public required int[] Receipts { get; init; }

    /// <summary>The newest version of each poll's result that this person was ever shown: peers may send an older one after it.</summary>
    public required long[] Shown { get; init; }

    /// <summary>Number of the last call, so that an answer finds its vote.</summary>
    public int Call { get; set; }
}

/// <summary>How far a person has come.</summary>
internal enum Stage
{
    Away,
    ConnectingToJoin,
    Joining,
    Connecting,
    Upgrading,
    Greeting,
    Ready,
    GivenUp,
}

/// <summary>One vote.</summary>
internal sealed class Vote
{
    public required int Poll { get; init; }

    public required long Planned { get; init; }

    /// <summary>Its place in the log of an open loop; -1: not measured.</summary>
    public int Number { get; init; } = -1;

    /// <summary>Given when it is first sent, and kept.</summary>
    public int Revision { get; set; }
}
