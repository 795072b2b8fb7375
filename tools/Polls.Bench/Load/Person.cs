namespace Polls.Bench.Load;

/// <summary>One person with one connection.</summary>
internal sealed class Person
{
    public required int Index { get; init; }

    /// <summary>The index of the port in <see cref="LoadCommand.Ports"/>.</summary>
    public required int PortIndex { get; init; }

    public required RoomSpec Room { get; init; }

    /// <summary>The ids of the room's polls, encoded as in messages.</summary>
    public required byte[][] PollIds { get; init; }

    /// <summary>The answers that people of this room give, encoded; empty where they choose one of three.</summary>
    public required byte[][] Answers { get; init; }

    /// <summary>The source address in network byte order.</summary>
    public required uint SourceAddress { get; init; }

    public required uint Mask { get; init; }

    public Stage Stage { get; set; }

    public int Socket { get; set; } = -1;

    /// <summary>The participant id, once joined.</summary>
    public string Id { get; set; } = "";

    public string Token { get; set; } = "";

    /// <summary>The timestamp at which this person started to join.</summary>
    public long Started { get; set; }

    /// <summary>The received part of an incomplete frame or response.</summary>
    public byte[]? Unread { get; set; }

    /// <summary>The received frames of an incomplete message; null if there is none.</summary>
    public byte[]? Fragments { get; set; }

    /// <summary>Bytes that the socket has not accepted yet.</summary>
    public byte[]? Unsent { get; set; }

    /// <summary>The unanswered vote; null if there is none.</summary>
    public Vote? PendingVote { get; set; }

    /// <summary>Votes that wait until the pending one is answered.</summary>
    public Queue<Vote>? QueuedVotes { get; set; }

    /// <summary>The highest revision used in each poll.</summary>
    public required int[] Revisions { get; init; }

    /// <summary>The highest revision with a receipt in each poll; 0 for none.</summary>
    public required int[] Receipts { get; init; }

    /// <summary>The highest version of each poll's result shown so far; peers may send an older one after it.</summary>
    public required long[] Shown { get; init; }

    /// <summary>The number of the last call, which matches an answer to its vote.</summary>
    public int Call { get; set; }
}

/// <summary>The connection state of a person.</summary>
internal enum Stage
{
    Disconnected,
    ConnectingToJoin,
    Joining,
    Connecting,
    Upgrading,
    Handshaking,
    Ready,
    Failed,
}

/// <summary>One vote.</summary>
internal sealed class Vote
{
    public required int Poll { get; init; }

    public required long PlannedAt { get; init; }

    /// <summary>Its index in the plan of an open loop; -1 if it is not measured.</summary>
    public int Number { get; init; } = -1;

    /// <summary>Assigned when the vote is first sent; retries use the same.</summary>
    public int Revision { get; set; }
}
