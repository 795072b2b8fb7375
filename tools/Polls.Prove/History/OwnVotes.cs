using System.Diagnostics;
using System.Text.Json;

namespace Polls.Prove.History;

/// <summary>Who comes back is shown the own votes: none may be older than what was acknowledged before (G1).</summary>
internal static class OwnVotes
{
    /// <summary>Looks at a state that came on a connection begun then.</summary>
    public static void Check(Guid participant, JsonElement state, long begun, Chronicle chronicle)
    {
        var mine = state.GetProperty("myVotes").EnumerateArray().ToDictionary(
            vote => vote.GetProperty("pollId").GetGuid(), vote => vote.GetProperty("revision").GetInt32());
        foreach (var story in chronicle.Stories.Where(story => !story.IsReset))
        {
            var receipts = chronicle.FindBallot(participant, story.Id)?.Read().Receipts ?? [];
            if (receipts.Where(receipt => receipt.Received < begun).MaxBy(receipt => receipt.Revision) is not { } acknowledged)
            {
                continue;
            }

            chronicle.Verdicts.Checked(Guarantee.G1, "own votes shown again on coming back");
            var shown = mine.TryGetValue(story.Id, out var revision) ? revision : -1;
            if (shown < acknowledged.Revision)
            {
                chronicle.Verdicts.Break(
                    Guarantee.G1,
                    $"{story.Name}: participant {participant} came back {Stopwatch.GetElapsedTime(acknowledged.Received, begun).TotalSeconds:0.0} s after the receipt for revision {acknowledged.Revision} and was shown {shown}.");
            }
        }
    }
}
