namespace Polls.Prove;

/// <summary>What the design promises, by its numbers.</summary>
internal enum Guarantee
{
    /// <summary>Durable on acknowledgement.</summary>
    G1,

    /// <summary>One vote per participant and poll, the highest revision.</summary>
    G2,

    /// <summary>Exact tallies whose versions only grow.</summary>
    G3,

    /// <summary>Nothing is accepted after an acknowledged close.</summary>
    G4,

    /// <summary>All screens end on the final tally, in time.</summary>
    G5,

    /// <summary>Hidden means hidden.</summary>
    G6,

    /// <summary>Nobody waits for the slow, and nothing grows without bound.</summary>
    G7,

    /// <summary>Redis is optional at run time.</summary>
    G8,

    /// <summary>Without PostgreSQL nothing is acknowledged, and instances recover by themselves.</summary>
    G9,

    /// <summary>A rollout loses nothing that a repeat does not heal.</summary>
    G10,
}

/// <summary>The guarantees in words.</summary>
internal static class GuaranteeNames
{
    /// <summary>All, in order.</summary>
    public static IReadOnlyList<Guarantee> All { get; } = Enum.GetValues<Guarantee>();

    /// <summary>A few words for people.</summary>
    public static string InWords(this Guarantee guarantee) => guarantee switch
    {
        Guarantee.G1 => "durable on ack",
        Guarantee.G2 => "one vote",
        Guarantee.G3 => "exact tallies",
        Guarantee.G4 => "clean close",
        Guarantee.G5 => "convergence",
        Guarantee.G6 => "hidden means hidden",
        Guarantee.G7 => "nobody waits for the slow",
        Guarantee.G8 => "Redis is optional",
        Guarantee.G9 => "PostgreSQL down",
        _ => "clean rollout",
    };
}
