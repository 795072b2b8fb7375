using Polls.Prove.Faults;

namespace Polls.Prove;

/// <summary>What one run is made of.</summary>
internal sealed record ProofOptions
{
    /// <summary>How long faults come, one after the other; starting, the last checks and stopping come on top.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Decides which faults come in which order and what people choose. When things happen depends on the machine, too.</summary>
    public int Seed { get; init; }

    public int Instances { get; init; } = 3;

    public int Voters { get; init; } = 200;

    public int Screens { get; init; } = 9;

    /// <summary>Clients that ask and never read.</summary>
    public int Stalled { get; init; } = 4;

    /// <summary>How long a voter thinks between two votes, on average.</summary>
    public TimeSpan Thinking { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>The faults to draw from; each comes once before any comes twice. In this order where <see cref="InOrder"/>.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = FaultKinds.All;

    /// <summary>Each fault once and in the order given, however long it takes.</summary>
    public bool InOrder { get; init; }

    /// <summary>Whether the bounds in time that the design promises count, or only that it happens at all (for machines that do much else).</summary>
    public bool BoundsCount { get; init; } = true;

    /// <summary>End as soon as this one is found broken.</summary>
    public Guarantee? EndWhenBroken { get; init; }

    /// <summary>Where the instances are started from; the product's own build when not given.</summary>
    public string? ApiAssemblyPath { get; init; }

    /// <summary>Further environment variables of the instances.</summary>
    public IReadOnlyDictionary<string, string> ApiEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Further settings of PostgreSQL.</summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Is told what happens, line by line.</summary>
    public Action<string>? Say { get; init; }
}
