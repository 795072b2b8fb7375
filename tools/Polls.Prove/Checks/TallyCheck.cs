using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>
/// G3 at every version that any client saw. A receipt says from which version on its vote counts, so the receipts alone
/// determine the tally. If a vote never got an answer, it may count or not, and the tally must be within that range.
/// </summary>
internal static class TallyCheck
{
    public static void Run(RunHistory history)
    {
        foreach (var poll in history.Polls)
        {
            Run(poll, history);
        }
    }

    private static void Run(PollHistory poll, RunHistory history)
    {
        var bounds = new TallyBounds(poll.Options);
        foreach (var ballot in history.Ballots.Where(ballot => ballot.Poll == poll.Id))
        {
            bounds.Add(ballot, poll.Resets);
        }

        foreach (var tally in history.Tallies.Where(tally => tally.Poll == poll.Id).OrderBy(tally => tally.Version))
        {
            var (min, max) = bounds.At(tally.Version);
            var isExact = min.AsSpan().SequenceEqual(max);
            history.Verdicts.Checked(
                Guarantee.G3,
                isExact
                    ? "versions seen, equal to the sum of the receipts"
                    : "versions seen, within the range that unanswered votes allow");
            int[] seen = [.. tally.Counts, tally.Voters];
            if (seen.Length != min.Length || seen.Where((number, i) => number < min[i] || number > max[i]).Any())
            {
                history.Verdicts.Break(
                    Guarantee.G3,
                    $"{poll.Name}: {tally} was seen; the receipts allow "
                        + $"{Describe(min)}{(isExact ? "" : $" to {Describe(max)}")}.");
            }
        }
    }

    private static string Describe(int[] numbers) => $"[{string.Join(' ', numbers[..^1])}] of {numbers[^1]} voters";
}
