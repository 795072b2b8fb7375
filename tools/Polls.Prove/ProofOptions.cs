using Polls.Prove.Faults;

namespace Polls.Prove;

/// <summary>Options of one run.</summary>
internal sealed record ProofOptions
{
    /// <summary>How long to inject faults, without the time for start, final checks and stop.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Determines the faults, their order and what voters choose. The timing also depends on the machine.
    /// </summary>
    public int Seed { get; init; }

    public int Instances { get; init; } = 3;

    public int Voters { get; init; } = 200;

    public int Screens { get; init; } = 9;

    /// <summary>The number of clients that send requests and never read.</summary>
    public int Stalled { get; init; } = 4;

    /// <summary>The average pause of a voter between two votes.</summary>
    public TimeSpan ThinkTime { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>The faults to draw from; each occurs once before any occurs twice.</summary>
    public IReadOnlyList<FaultKind> Faults { get; init; } = FaultKinds.All;

    /// <summary>Injects each fault once, in the given order, and ignores <see cref="Time"/>.</summary>
    public bool InOrder { get; init; }

    /// <summary>Whether to judge the time limits of the guarantees; false on machines that run other work.</summary>
    public bool CheckTimeLimits { get; init; } = true;

    /// <summary>Ends the run as soon as this guarantee is broken.</summary>
    public Guarantee? EndWhenBroken { get; init; }

    /// <summary>The assembly of the instances; null for the product's own build.</summary>
    public string? ApiAssemblyPath { get; init; }

    /// <summary>Additional environment variables for the instances.</summary>
    public IReadOnlyDictionary<string, string> ApiEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Additional PostgreSQL settings.</summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives the log of the run, line by line.</summary>
    public Action<string>? Log { get; init; }
}
