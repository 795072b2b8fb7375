using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>What the receipts say among themselves, when all are known: G2, G4 and G9.</summary>
internal static class ReceiptCheck
{
    public static void Run(Chronicle chronicle)
    {
        foreach (var ballot in chronicle.Ballots)
        {
            if (chronicle.Story(ballot.Poll) is { } story)
            {
                CheckOrder(story, ballot, chronicle.Verdicts);
                CheckClosures(story, ballot, chronicle.Verdicts);
                CheckOutages(story, ballot, chronicle);
            }
        }
    }

    private static void CheckOrder(PollStory story, Ballot ballot, Verdicts verdicts)
    {
        var resets = story.Resets;
        long EpochOf(long version) => resets.LastOrDefault(reset => reset <= version);
        foreach (var epoch in ballot.Read().Receipts.GroupBy(receipt => EpochOf(receipt.Version)))
        {
            Receipt? highest = null;
            var versions = new Dictionary<int, long>();
            foreach (var receipt in epoch.OrderBy(receipt => receipt.Received))
            {
                verdicts.Checked(Guarantee.G2, Kind(receipt, versions));
                var whose = $"{story.Name}, participant {ballot.Participant}: the receipt for revision {receipt.SentRevision}";
                if (receipt.Revision < receipt.SentRevision || ballot.ChoicesOf(receipt.Revision) is null)
                {
                    verdicts.Break(Guarantee.G2, $"{whose} says that {receipt.Revision} counts.");
                }

                if (!versions.TryAdd(receipt.Revision, receipt.Version) && versions[receipt.Revision] != receipt.Version)
                {
                    verdicts.Break(Guarantee.G2, $"{whose} says version {receipt.Version}, an earlier one said {versions[receipt.Revision]}: it was counted twice.");
                }

                if (highest is not null && highest.Received < receipt.Sent && highest.Revision > receipt.Revision)
                {
                    verdicts.Break(Guarantee.G2, $"{whose} says that {receipt.Revision} counts, after revision {highest.Revision} did.");
                }

                highest = highest?.Revision >= receipt.Revision ? highest : receipt;
            }

            foreach (var (one, next) in versions.OrderBy(item => item.Key).Zip(versions.OrderBy(item => item.Key).Skip(1)))
            {
                if (one.Value >= next.Value)
                {
                    verdicts.Break(
                        Guarantee.G2, $"{story.Name}, participant {ballot.Participant}: revision {next.Key} counts from version {next.Value}, the lower {one.Key} from {one.Value}.");
                }
            }
        }
    }

    private static string Kind(Receipt receipt, Dictionary<int, long> versions) =>
        receipt.Revision > receipt.SentRevision ? "receipts of lower revisions that came late"
        : versions.ContainsKey(receipt.Revision) ? "receipts of repeats"
        : "receipts of new votes";

    private static void CheckClosures(PollStory story, Ballot ballot, Verdicts verdicts)
    {
        var closures = story.Closures;
        if (closures.Count == 0)
        {
            return;
        }

        var (attempts, receipts, _) = ballot.Read();
        var sent = attempts.ToDictionary(attempt => attempt.Revision, attempt => attempt.FirstSent);
        foreach (var receipt in receipts.Where(receipt => receipt.Revision == receipt.SentRevision))
        {
            if (closures.FirstOrDefault(closed => sent[receipt.Revision] > closed.From && receipt.Received < closed.Until) is not (0, 0))
            {
                verdicts.Break(
                    Guarantee.G4, $"{story.Name}: revision {receipt.Revision} of participant {ballot.Participant}, first sent after the close was acknowledged, got a receipt.");
            }
        }

        verdicts.Checked(
            Guarantee.G4, "votes sent to a poll that was acknowledged to be closed",
            attempts.Count(attempt => closures.Any(closed => attempt.FirstSent > closed.From && attempt.FirstSent < closed.Until)));
    }

    private static void CheckOutages(PollStory story, Ballot ballot, Chronicle chronicle)
    {
        foreach (var (from, until) in chronicle.Outages)
        {
            var (attempts, receipts, _) = ballot.Read();
            chronicle.Verdicts.Checked(
                Guarantee.G9, "votes sent while PostgreSQL was away", attempts.Count(attempt => attempt.FirstSent > from && attempt.FirstSent < until));
            if (receipts.FirstOrDefault(receipt => receipt.Sent > from && receipt.Received < until) is { } invented)
            {
                chronicle.Verdicts.Break(
                    Guarantee.G9, $"{story.Name}: participant {ballot.Participant} got a receipt for revision {invented.SentRevision} while PostgreSQL was away.");
            }
        }
    }
}
