using System.Diagnostics;
using System.Text.Json;
using Polls.Prove.Kinds;

namespace Polls.Prove.History;

/// <summary>
/// G1: the own votes in a state after reconnecting must not be older than the votes acknowledged before. G2: each is
/// one that the participant sent.
/// </summary>
internal static class OwnVotes
{
    /// <summary>Checks own votes: those of a state, or those that came from another connection.</summary>
    public static void Check(Guid participant, JsonElement votes, RunHistory history)
    {
        foreach (var vote in votes.EnumerateArray())
        {
            var (id, revision) = (vote.GetProperty("pollId").GetGuid(), vote.GetProperty("revision").GetInt32());
            history.Verdicts.Checked(Guarantee.G2, "own votes shown, compared with what was sent");
            var sent = history.FindBallot(participant, id)?.AnswerOf(revision);
            if (sent?.Stored != Answer.Read(vote))
            {
                history.Verdicts.Break(
                    Guarantee.G2,
                    $"{history.FindPoll(id)?.Name}: participant {participant} was shown revision {revision} with "
                        + $"{Answer.Read(vote)} as the own vote and sent {sent}.");
            }
        }
    }

    /// <summary>Checks a state received on a connection that was opened at a timestamp.</summary>
    public static void Check(Guid participant, JsonElement state, long opened, RunHistory history)
    {
        Check(participant, state.GetProperty("myVotes"), history);
        var ownVotes = state.GetProperty("myVotes").EnumerateArray().ToDictionary(
            vote => vote.GetProperty("pollId").GetGuid(), vote => vote.GetProperty("revision").GetInt32());
        foreach (var poll in history.Polls.Where(poll => !poll.IsReset))
        {
            var receipts = history.FindBallot(participant, poll.Id)?.Read().Receipts ?? [];
            if (receipts.Where(receipt => receipt.Received < opened)
                .MaxBy(receipt => receipt.Revision) is not { } acknowledged)
            {
                continue;
            }

            history.Verdicts.Checked(Guarantee.G1, "own votes shown after reconnecting");
            var shown = ownVotes.TryGetValue(poll.Id, out var revision) ? revision : -1;
            if (shown < acknowledged.Revision)
            {
                history.Verdicts.Break(
                    Guarantee.G1,
                    $"{poll.Name}: participant {participant} reconnected "
                        + $"{Stopwatch.GetElapsedTime(acknowledged.Received, opened).TotalSeconds:0.0} s after the "
                        + $"receipt for revision {acknowledged.Revision} and was shown {shown}.");
            }
        }
    }
}
