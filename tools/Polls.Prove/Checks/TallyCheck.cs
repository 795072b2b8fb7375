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
        var seen = history.Tallies.ToLookup(tally => tally.Poll);
        var stored = history.StoredTallies.ToLookup(tally => tally.Poll);
        foreach (var poll in history.Polls)
        {
            Run(
                poll, seen[poll.Id].ToDictionary(tally => tally.Version),
                stored[poll.Id].ToDictionary(tally => tally.Version), history);
        }
    }

    private static void Run(
        PollHistory poll, Dictionary<long, SeenTally> seen, Dictionary<long, StoredTally> stored, RunHistory history)
    {
        var bounds = new TallyBounds(poll.Model.Size);
        foreach (var ballot in history.Ballots.Where(ballot => ballot.Poll == poll.Id))
        {
            bounds.Add(ballot, poll.Resets);
        }

        foreach (var version in seen.Keys.Union(stored.Keys).Order())
        {
            var (min, max) = bounds.At(version);
            var isExact = min.AsSpan().SequenceEqual(max);
            history.Verdicts.Checked(
                Guarantee.G3,
                isExact
                    ? "versions seen, equal to the sum of the receipts"
                    : "versions seen, within the range that unanswered votes allow");
            var allowed = StoredTally.Describe(min) + (isExact ? "" : $" to {StoredTally.Describe(max)}");
            var (shown, row) = (seen.GetValueOrDefault(version), stored.GetValueOrDefault(version));
            if (shown is not null && !poll.Model.Allows(shown, min, max))
            {
                history.Verdicts.Break(
                    Guarantee.G3, $"{poll.Name}: {shown} was seen; the receipts allow {allowed}.");
            }

            if (row is not null && !(row.Numbers.Length == min.Length
                && row.Numbers.Index().All(item => item.Item >= min[item.Index] && item.Item <= max[item.Index])))
            {
                history.Verdicts.Break(
                    Guarantee.G3, $"{poll.Name}: {row} was stored; the receipts allow {allowed}.");
            }

            if (shown is not null && row?.IsShownBy(shown, poll.Model) == false)
            {
                history.Verdicts.Break(Guarantee.G3, $"{poll.Name}: {shown} was seen; stored was {row}.");
            }
        }
    }
}
