using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>Compares receipts with each other after the run: G2, G4 and G9.</summary>
internal static class ReceiptCheck
{
    public static void Run(RunHistory history)
    {
        foreach (var ballot in history.Ballots)
        {
            if (history.FindPoll(ballot.Poll) is { } poll)
            {
                CheckOrder(poll, ballot, history.Verdicts);
                CheckClosures(poll, ballot, history.Verdicts);
                CheckOutages(poll, ballot, history);
            }
        }
    }

    private static void CheckOrder(PollHistory poll, Ballot ballot, Verdicts verdicts)
    {
        var resets = poll.Resets;
        // Polls that are reset never hide their tally.
        long EpochOf(long? version) => resets.LastOrDefault(reset => reset <= version);
        foreach (var epoch in ballot.Read().Receipts.GroupBy(receipt => EpochOf(receipt.Version)))
        {
            Receipt? highest = null;
            var versions = new Dictionary<int, long>();
            foreach (var receipt in epoch.OrderBy(receipt => receipt.Received))
            {
                verdicts.Checked(Guarantee.G2, Kind(receipt, versions));
                var description =
                    $"{poll.Name}, participant {ballot.Participant}: the receipt for revision {receipt.SentRevision}";
                if (receipt.Revision < receipt.SentRevision || ballot.AnswerOf(receipt.Revision) is null)
                {
                    verdicts.Break(Guarantee.G2, $"{description} says that revision {receipt.Revision} counts.");
                }

                if (receipt.Version is { } version && !versions.TryAdd(receipt.Revision, version)
                    && versions[receipt.Revision] != version)
                {
                    verdicts.Break(
                        Guarantee.G2,
                        $"{description} says version {version}, "
                            + $"an earlier one said {versions[receipt.Revision]}: the vote was counted twice.");
                }

                if (highest is not null && highest.Received < receipt.Sent && highest.Revision > receipt.Revision)
                {
                    verdicts.Break(
                        Guarantee.G2,
                        $"{description} says that revision {receipt.Revision} counts, "
                            + $"after revision {highest.Revision} counted.");
                }

                highest = highest?.Revision >= receipt.Revision ? highest : receipt;
            }

            foreach (var (one, next) in versions.OrderBy(item => item.Key)
                .Zip(versions.OrderBy(item => item.Key).Skip(1)))
            {
                if (one.Value >= next.Value)
                {
                    verdicts.Break(
                        Guarantee.G2,
                        $"{poll.Name}, participant {ballot.Participant}: "
                            + $"revision {next.Key} counts from version {next.Value}, "
                            + $"the lower {one.Key} from {one.Value}.");
                }
            }
        }
    }

    private static string Kind(Receipt receipt, Dictionary<int, long> versions) =>
        receipt.Revision > receipt.SentRevision ? "receipts of late lower revisions"
        : versions.ContainsKey(receipt.Revision) ? "receipts of repeats"
        : "receipts of new votes";

    private static void CheckClosures(PollHistory poll, Ballot ballot, Verdicts verdicts)
    {
        var closedPeriods = poll.ClosedPeriods;
        if (closedPeriods.Count == 0)
        {
            return;
        }

        var (attempts, receipts, _) = ballot.Read();
        var sent = attempts.ToDictionary(attempt => attempt.Revision, attempt => attempt.FirstSent);
        foreach (var receipt in receipts.Where(receipt => receipt.Revision == receipt.SentRevision))
        {
            if (closedPeriods.FirstOrDefault(closed =>
                sent[receipt.Revision] > closed.From && receipt.Received < closed.Until) is not (0, 0))
            {
                verdicts.Break(
                    Guarantee.G4,
                    $"{poll.Name}: revision {receipt.Revision} of participant {ballot.Participant}, "
                        + "first sent after the close was acknowledged, got a receipt.");
            }
        }

        verdicts.Checked(
            Guarantee.G4, "votes sent to a closed poll",
            attempts.Count(attempt =>
                closedPeriods.Any(closed => attempt.FirstSent > closed.From && attempt.FirstSent < closed.Until)));
    }

    private static void CheckOutages(PollHistory poll, Ballot ballot, RunHistory history)
    {
        foreach (var (from, until) in history.Outages)
        {
            var (attempts, receipts, _) = ballot.Read();
            history.Verdicts.Checked(
                Guarantee.G9,
                "votes sent while PostgreSQL was down",
                attempts.Count(attempt => attempt.FirstSent > from && attempt.FirstSent < until));
            if (receipts.FirstOrDefault(receipt => receipt.Sent > from && receipt.Received < until) is { } wrong)
            {
                history.Verdicts.Break(
                    Guarantee.G9,
                    $"{poll.Name}: participant {ballot.Participant} got a receipt for revision {wrong.SentRevision} "
                        + "while PostgreSQL was down.");
            }
        }
    }
}
