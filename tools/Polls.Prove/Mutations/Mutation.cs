using Polls.AppHost;
using Polls.Prove.Faults;

namespace Polls.Prove.Mutations;

/// <summary>One line of the product broken on purpose, and the run that has to find it.</summary>
/// <param name="Name">As the suite's own build of the product knows it (<c>Polls.Prove.Mutants/Breaking</c>).</param>
/// <param name="Breaks">The guarantee that has to be found broken; none in the run that shows that the suite's own build is whole by itself.</param>
/// <param name="Instances">How many instances it takes.</param>
/// <param name="Faults">What brings it to light.</param>
internal sealed record Mutation(string Name, Guarantee? Breaks, int Instances, IReadOnlyList<FaultKind> Faults)
{
    /// <summary>Nothing is broken, and nothing must be found: what the others bring to light is theirs.</summary>
    public static Mutation None { get; } = new("none", null, 2, [FaultKinds.SlowFlushThenPostgresKilled, FaultKinds.RedisLinkSlow, FaultKinds.EverybodyReconnects]);

    /// <summary>All of them, in the order of their guarantees.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("ack-before-commit", Guarantee.G1, 1, [.. Enumerable.Repeat(FaultKinds.SlowFlushThenPostgresKilled, 3)]),
        new("repeat-counts-again", Guarantee.G2, 1, [FaultKinds.EverybodyReconnects]),
        new("tally-outside-the-transaction", Guarantee.G3, 1, [.. Enumerable.Repeat(FaultKinds.SlowFlush, 3)]),
        new("old-over-new", Guarantee.G3, 2, [.. Enumerable.Repeat(FaultKinds.RedisLinkSlow, 5)]),
        new("vote-after-close", Guarantee.G4, 1, [.. Enumerable.Repeat(FaultKinds.EverybodyReconnects, 3)]),
        new("hidden-tally-to-everyone", Guarantee.G6, 1, [FaultKinds.EverybodyReconnects]),
        new("receipt-anyway", Guarantee.G9, 1, [.. Enumerable.Repeat(FaultKinds.PostgresKilled, 2)]),
    ];

    /// <summary>A short run on the broken product that ends when something is found.</summary>
    public ProofOptions ToOptions(int seed, Action<string>? say) => new()
    {
        Seed = seed,
        Instances = Instances,
        Voters = 60,
        Screens = 4,
        Stalled = 0,
        Thinking = TimeSpan.FromMilliseconds(300),
        Faults = Faults,
        InOrder = true,
        BoundsCount = false,
        EndWhenBroken = Breaks,
        ApiAssemblyPath = Assembly,
        ApiEnvironment = new Dictionary<string, string> { ["POLLS_MUTATION"] = Name },
        // The broken SQL asks for this one.
        PostgresSettings = new Dictionary<string, string> { ["polls.mutation"] = Name },
        Say = say,
    };

    /// <summary>The suite's own build of the product, of the same configuration as this program.</summary>
    private static string Assembly
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            return RepositoryFiles.Find(Path.Combine("tools", "Polls.Prove.Mutants", "bin", here.Parent!.Name, here.Name, "Polls.Prove.Mutants.dll"));
        }
    }
}
