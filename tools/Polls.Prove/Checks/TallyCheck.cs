using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>
/// G3 at every version that anybody saw: each receipt says from which version on its vote counts, so that the history alone says what a
/// tally has to be. Where it is not known what became of a vote (no answer, and no repeat that had one), both are allowed for that
/// voter, and the tally has to lie in between.
/// </summary>
internal static class TallyCheck
{
    public static void Run(Chronicle chronicle)
    {
        foreach (var story in chronicle.Stories)
        {
            Run(story, chronicle);
        }
    }

    private static void Run(PollStory story, Chronicle chronicle)
    {
        var bounds = new TallyBounds(story.Options);
        foreach (var ballot in chronicle.Ballots.Where(ballot => ballot.Poll == story.Id))
        {
            bounds.Add(ballot, story.Resets);
        }

        foreach (var tally in chronicle.Tallies.Where(tally => tally.Poll == story.Id).OrderBy(tally => tally.Version))
        {
            var (least, most) = bounds.At(tally.Version);
            var isExact = least.AsSpan().SequenceEqual(most);
            chronicle.Verdicts.Checked(Guarantee.G3, isExact ? "versions seen, equal to what the receipts add up to" : "versions seen, within what unanswered votes leave open");
            int[] said = [.. tally.Counts, tally.Voters];
            if (said.Length != least.Length || said.Where((number, i) => number < least[i] || number > most[i]).Any())
            {
                chronicle.Verdicts.Break(
                    Guarantee.G3,
                    $"{story.Name}: somebody saw {tally}; the receipts allow {Words(least)}{(isExact ? "" : $" to {Words(most)}")}.");
            }
        }
    }

    private static string Words(int[] numbers) => $"[{string.Join(' ', numbers[..^1])}] of {numbers[^1]} voters";
}
