namespace Polls.Core.Kinds;

/// <summary>
/// What the votes of a closed motion have decided. The rule is in docs/kinds.md; all of it in integers.
/// </summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Total">What the yes votes are compared with.</param>
/// <param name="Needed">The least number of yes votes that adopts the motion.</param>
public sealed record MotionDecision(MotionOutcome Outcome, int Total, int Needed)
{
    /// <summary>The decision of these votes.</summary>
    /// <param name="settings">The motion's settings, with their defaults.</param>
    /// <param name="counts">Yes, no and abstentions.</param>
    /// <param name="voters">How many have voted.</param>
    /// <param name="entitled">How many were entitled when the poll was opened.</param>
    public static MotionDecision Of(MotionSettings settings, IReadOnlyList<int> counts, int voters, int entitled)
    {
        var total = settings.Base switch
        {
            MotionBase.Entitled => entitled,
            MotionBase.YesNoAbstain => counts[0] + counts[1] + counts[2],
            _ => counts[0] + counts[1],
        };
        // The least number that is more than half, at least two thirds, or at least three quarters.
        var needed = settings.Majority switch
        {
            MotionMajority.TwoThirds => ((2 * total) + 2) / 3,
            MotionMajority.ThreeQuarters => ((3 * total) + 3) / 4,
            _ => (total / 2) + 1,
        };
        var outcome = voters < (settings.Quorum ?? 0) ? MotionOutcome.NotQuorate
            : total == 0 ? MotionOutcome.NoResult
            : counts[0] >= needed ? MotionOutcome.Adopted
            : MotionOutcome.Rejected;
        return new MotionDecision(outcome, total, needed);
    }
}

/// <summary>The outcome of a motion.</summary>
public enum MotionOutcome
{
    /// <summary>Enough yes votes.</summary>
    Adopted,

    /// <summary>Not enough yes votes; a tie, too.</summary>
    Rejected,

    /// <summary>There is nothing that the yes votes could be compared with.</summary>
    NoResult,

    /// <summary>Fewer voters than the quorum, whatever the votes are.</summary>
    NotQuorate,
}
