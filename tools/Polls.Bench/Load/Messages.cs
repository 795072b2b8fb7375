namespace Polls.Bench.Load;

/// <summary>What the load client is told, one JSON line each; it answers each with one line, a <see cref="LoadAnswer"/>.</summary>
internal sealed record LoadCommand
{
    /// <summary>connect, closed, open, spread, quiet, receipts or leave.</summary>
    public required string Do { get; init; }

    /// <summary>signalr, socketio or bare.</summary>
    public string Wire { get; init; } = "signalr";

    /// <summary>The loopback ports; people are dealt out to them in turn.</summary>
    public int[] Ports { get; init; } = [];

    /// <summary>The rooms; people are dealt out to them in turn.</summary>
    public RoomSpec[] Rooms { get; init; } = [];

    /// <summary>How many people there shall be in the end.</summary>
    public int People { get; init; }

    /// <summary>How many of them may be on their way in at the same time.</summary>
    public int Entering { get; init; } = 100;

    /// <summary>Whether whoever loses the connection comes back, and sends the same vote again.</summary>
    public bool ComeBack { get; init; }

    /// <summary>How many people vote; the first so many, or all.</summary>
    public int Voters { get; init; }

    /// <summary>Only people of this port (by its place) vote; -1: of all.</summary>
    public int VotersOfPort { get; init; } = -1;

    /// <summary>Votes per second of an open loop.</summary>
    public double Rate { get; init; }

    /// <summary>Not measured.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>Measured.</summary>
    public double Seconds { get; init; }

    /// <summary>How long to wait for what is still missing at the end, or for all to be in.</summary>
    public double PatienceSeconds { get; init; } = 20;

    /// <summary>Whether to note which connection saw which version when.</summary>
    public bool Screens { get; init; }

    /// <summary>Groups of processes whose CPU time is wanted, each with all that they have started.</summary>
    public int[][] Watch { get; init; } = [];

    /// <summary>Where to write something down.</summary>
    public string Path { get; init; } = "";
}

/// <summary>A room and its open polls.</summary>
internal sealed record RoomSpec(string Code, string[] Polls);

/// <summary>What happened; times are in milliseconds.</summary>
internal sealed record LoadAnswer
{
    /// <summary>People connected, with their state, at the end.</summary>
    public int Connected { get; init; }

    /// <summary>Seconds that were measured.</summary>
    public double Seconds { get; init; }

    /// <summary>CPU seconds of the load client meanwhile.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>CPU seconds of the watched groups meanwhile.</summary>
    public double[] WatchedCpuSeconds { get; init; } = [];

    /// <summary>CPU seconds of the whole machine meanwhile.</summary>
    public double MachineCpuSeconds { get; init; }

    /// <summary>Votes that were sent, or planned, in the measured time.</summary>
    public long Votes { get; init; }

    /// <summary>Receipts: in a closed loop those that came in the measured time, in an open one those for its votes.</summary>
    public long Receipts { get; init; }

    /// <summary>Updates of the result that arrived in the measured time, over all connections.</summary>
    public long Updates { get; init; }

    /// <summary>Votes that never got a receipt.</summary>
    public long Missing { get; init; }

    /// <summary>Seconds from the moment that the first vote was to be cast to the last receipt; of an open loop.</summary>
    public double AnsweredWithin { get; init; }

    /// <summary>Connections that were lost.</summary>
    public long Lost { get; init; }

    /// <summary>Screens that had not shown every vote at the end.</summary>
    public long Behind { get; init; }

    /// <summary>Refusals and errors: what was said, and how often.</summary>
    public Dictionary<string, long> Errors { get; init; } = [];

    /// <summary>From when a vote was to be cast to its receipt; of a connect: until the state was there.</summary>
    public Percentiles? Receipt { get; init; }

    /// <summary>From when a vote was to be cast until a screen showed it, over all pairs of vote and screen.</summary>
    public Percentiles? Screen { get; init; }

    /// <summary>The same until the last screen showed it, over all votes.</summary>
    public Percentiles? LastScreen { get; init; }

    /// <summary>The same as <see cref="Screen"/>, for the screens of each port.</summary>
    public Percentiles[] ScreenOfPort { get; init; } = [];
}

/// <summary>Milliseconds.</summary>
internal sealed record Percentiles(long Count, double P50, double P99, double Max);
