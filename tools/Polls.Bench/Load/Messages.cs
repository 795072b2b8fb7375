namespace Polls.Bench.Load;

/// <summary>
/// A command to the load client, one line of JSON; the answer is one line, a <see cref="LoadAnswer"/>.
/// </summary>
internal sealed record LoadCommand
{
    /// <summary>The command: connect, closed, open, spread, quiet, receipts or leave.</summary>
    public required string Do { get; init; }

    /// <summary>The protocol: signalr, socketio or bare.</summary>
    public string Protocol { get; init; } = "signalr";

    /// <summary>The loopback ports; people are assigned to them in turn.</summary>
    public int[] Ports { get; init; } = [];

    /// <summary>The rooms; people are assigned to them in turn.</summary>
    public RoomSpec[] Rooms { get; init; } = [];

    /// <summary>The number of people, including those already connected.</summary>
    public int People { get; init; }

    /// <summary>How many people may join and connect at the same time.</summary>
    public int MaxConnecting { get; init; } = 100;

    /// <summary>Whether people reconnect after losing the connection and retry their vote.</summary>
    public bool Reconnect { get; init; }

    /// <summary>How many people vote in a closed loop.</summary>
    public int Voters { get; init; }

    /// <summary>The index of the only port whose people vote; -1 for all ports.</summary>
    public int VotersOfPort { get; init; } = -1;

    /// <summary>Votes per second of an open loop.</summary>
    public double Rate { get; init; }

    /// <summary>The time before the measurement.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>The time of the measurement.</summary>
    public double Seconds { get; init; }

    /// <summary>How long to wait for missing receipts and updates at the end, or for all people to connect.</summary>
    public double TimeoutSeconds { get; init; } = 20;

    /// <summary>Whether to record when each connection saw each version.</summary>
    public bool Screens { get; init; }

    /// <summary>Groups of processes whose CPU time to measure, including their children.</summary>
    public int[][] Watch { get; init; } = [];

    /// <summary>The file to write receipts to.</summary>
    public string Path { get; init; } = "";
}

/// <summary>A room and its open polls.</summary>
/// <param name="Code">The room's code.</param>
/// <param name="Polls">The ids of the polls.</param>
/// <param name="Answers">
/// The answers to its polls in JSON; null for polls with three options, of which people choose one after the other.
/// </param>
internal sealed record RoomSpec(string Code, string[] Polls, string[]? Answers = null);

/// <summary>The result of a command; times are in milliseconds.</summary>
internal sealed record LoadAnswer
{
    /// <summary>People who are connected and have the room's state at the end.</summary>
    public int Connected { get; init; }

    /// <summary>The measured time.</summary>
    public double Seconds { get; init; }

    /// <summary>CPU seconds of the load client.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>CPU seconds of the watched groups.</summary>
    public double[] WatchedCpuSeconds { get; init; } = [];

    /// <summary>CPU seconds of the whole machine.</summary>
    public double MachineCpuSeconds { get; init; }

    /// <summary>Votes sent, or planned, in the measured time.</summary>
    public long Votes { get; init; }

    /// <summary>
    /// Receipts: in a closed loop those received in the measured time, in an open loop those for its votes.
    /// </summary>
    public long Receipts { get; init; }

    /// <summary>Updates of results received in the measured time, over all connections.</summary>
    public long Updates { get; init; }

    /// <summary>Votes that never got a receipt.</summary>
    public long Missing { get; init; }

    /// <summary>Seconds from the first planned vote to the last receipt of an open loop.</summary>
    public double AnsweredWithin { get; init; }

    /// <summary>Lost connections.</summary>
    public long Lost { get; init; }

    /// <summary>Screens that had not shown every vote at the end.</summary>
    public long Behind { get; init; }

    /// <summary>The number of refusals and errors by message.</summary>
    public Dictionary<string, long> Errors { get; init; } = [];

    /// <summary>The time from a vote to its receipt; of a connect, until the state was received.</summary>
    public Percentiles? Receipt { get; init; }

    /// <summary>The time from a vote until a screen showed it, over all pairs of vote and screen.</summary>
    public Percentiles? Screen { get; init; }

    /// <summary>The time from a vote until the last screen showed it, over all votes.</summary>
    public Percentiles? LastScreen { get; init; }

    /// <summary>Like <see cref="Screen"/>, for the screens of each port.</summary>
    public Percentiles[] ScreenOfPort { get; init; } = [];
}

/// <summary>Milliseconds.</summary>
internal sealed record Percentiles(long Count, double P50, double P99, double Max);
