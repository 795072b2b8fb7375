namespace Polls.Prove;

/// <summary>The guarantees of the design, by number.</summary>
internal enum Guarantee
{
    /// <summary>Durable on acknowledgement.</summary>
    G1,

    /// <summary>One vote per participant and poll, the highest revision.</summary>
    G2,

    /// <summary>Tallies are exact, and their versions only increase.</summary>
    G3,

    /// <summary>No vote is accepted after an acknowledged close.</summary>
    G4,

    /// <summary>All clients show the final tally within a time limit.</summary>
    G5,

    /// <summary>Hidden tallies and drafts never reach a participant.</summary>
    G6,

    /// <summary>Slow clients delay no other client, and no queue or memory grows without bound.</summary>
    G7,

    /// <summary>Redis is optional at run time.</summary>
    G8,

    /// <summary>Without PostgreSQL no vote is acknowledged, and instances recover without a restart.</summary>
    G9,

    /// <summary>During a rollout, every failed call succeeds when it is retried.</summary>
    G10,
}

/// <summary>Short descriptions of the guarantees.</summary>
internal static class GuaranteeNames
{
    /// <summary>All guarantees, in order.</summary>
    public static IReadOnlyList<Guarantee> All { get; } = Enum.GetValues<Guarantee>();

    /// <summary>A short description for the report.</summary>
    public static string InWords(this Guarantee guarantee) => guarantee switch
    {
        Guarantee.G1 => "durable on ack",
        Guarantee.G2 => "one vote",
        Guarantee.G3 => "exact tallies",
        Guarantee.G4 => "clean close",
        Guarantee.G5 => "convergence",
        Guarantee.G6 => "hidden stays hidden",
        Guarantee.G7 => "slow clients isolated",
        Guarantee.G8 => "Redis is optional",
        Guarantee.G9 => "PostgreSQL down",
        _ => "clean rollout",
    };
}
