using Polls.AppHost;
using Polls.Prove.Faults;

namespace Polls.Prove.Mutations;

/// <summary>A line of the product that is broken on purpose, and the run that must detect it.</summary>
/// <param name="Name">The name in <c>Polls.Prove.Mutants/Breaking</c>.</param>
/// <param name="Breaks">The guarantee that the run must report as broken; null if all must hold.</param>
/// <param name="Instances">The number of instances.</param>
/// <param name="Faults">The faults that reveal it.</param>
internal sealed record Mutation(string Name, Guarantee? Breaks, int Instances, IReadOnlyList<FaultKind> Faults)
{
    /// <summary>
    /// The same build without a mutation: all guarantees must hold, or the other results mean nothing.
    /// </summary>
    public static Mutation None { get; } = new(
        "none", null, 2,
        [FaultKinds.SlowFlushThenPostgresKilled, FaultKinds.RedisLinkSlow, FaultKinds.EverybodyReconnects]);

    /// <summary>All mutations, in the order of their guarantees.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("ack-before-commit", Guarantee.G1, 1, [.. Enumerable.Repeat(FaultKinds.SlowFlushThenPostgresKilled, 3)]),
        new("repeat-counts-again", Guarantee.G2, 1, [FaultKinds.EverybodyReconnects]),
        new("tally-outside-the-transaction", Guarantee.G3, 1, [.. Enumerable.Repeat(FaultKinds.SlowFlush, 3)]),
        new("old-over-new", Guarantee.G3, 2, [.. Enumerable.Repeat(FaultKinds.RedisLinkSlow, 5)]),
        new("weights-forgotten", Guarantee.G3, 1, [FaultKinds.EverybodyReconnects]),
        new("old-keys-forgotten", Guarantee.G3, 1, [FaultKinds.EverybodyReconnects]),
        new("word-counted-twice", Guarantee.G3, 1, [FaultKinds.EverybodyReconnects]),
        new("vote-after-close", Guarantee.G4, 1, [.. Enumerable.Repeat(FaultKinds.EverybodyReconnects, 8)]),
        new("hidden-tally-to-everyone", Guarantee.G6, 1, [FaultKinds.EverybodyReconnects]),
        new("receipt-anyway", Guarantee.G9, 1, [.. Enumerable.Repeat(FaultKinds.PostgresKilled, 2)]),
    ];

    /// <summary>A short run of the mutated product that ends when the expected guarantee is broken.</summary>
    public ProofOptions ToOptions(int seed, Action<string>? log) => new()
    {
        Seed = seed,
        Instances = Instances,
        Voters = 60,
        Screens = 4,
        Stalled = 0,
        ThinkTime = TimeSpan.FromMilliseconds(300),
        Faults = Faults,
        InOrder = true,
        CheckTimeLimits = false,
        EndWhenBroken = Breaks,
        ApiAssemblyPath = Assembly,
        ApiEnvironment = new Dictionary<string, string> { ["POLLS_MUTATION"] = Name },
        // Read by the mutated SQL.
        PostgresSettings = new Dictionary<string, string> { ["polls.mutation"] = Name },
        Log = log,
    };

    /// <summary>The build of Polls.Prove.Mutants with the same configuration as this program.</summary>
    private static string Assembly
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            return RepositoryFiles.Find(Path.Combine(
                "tools", "Polls.Prove.Mutants", "bin", here.Parent!.Name, here.Name, "Polls.Prove.Mutants.dll"));
        }
    }
}
