using System.Diagnostics;
using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.Kinds;

namespace Polls.Prove.People;

/// <summary>
/// Votes, changes and withdraws votes, repeats them, sends lower revisions late, votes in closed polls, and records all
/// of it. Like the product's own client, it retries with the same revision after no answer, "busy" or "unavailable".
/// </summary>
internal sealed class Voter(
    Guid id, string code, string token, LiveClient client, ApiClient http, RunHistory history, Random random)
{
    // Longer than any fault and the recovery from it.
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(60);
    private readonly Dictionary<Guid, int> lastRevisions = [];
    private readonly List<(PollHistory Poll, int Revision, Answer Answer)> skipped = [];

    public Guid Id => id;

    /// <summary>Whether the voter leaves out polls that show their result after the vote.</summary>
    public bool Abstains { get; init; }

    public string Token => token;

    public LiveClient Client => client;

    /// <summary>The times to the answer of each vote; zero if it was retried.</summary>
    public List<(long At, TimeSpan Took)> Answers { get; } = [];

    /// <summary>Votes until cancelled, with this pause between two votes on average.</summary>
    public async Task VoteAsync(VotingGate gate, TimeSpan thinkTime, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(thinkTime * (0.5 + random.NextDouble()), cancellationToken);
            await gate.EnterAsync(cancellationToken);
            try
            {
                await VoteOnceAsync(cancellationToken);
            }
            finally
            {
                gate.Leave();
            }
        }
    }

    private async Task VoteOnceAsync(CancellationToken cancellationToken)
    {
        // Mostly open polls, but also closed polls and drafts that were open before. There are few of those at a time,
        // and a vote must often come soon after a close.
        var isLate = random.Next(6) == 0;
        var polls = client.Shown.Where(item => item.Value.State == "open" != isLate)
            .Select(item => history.FindPoll(item.Key))
            .OfType<PollHistory>().Where(poll => !Abstains || poll.Purpose != Purpose.AfterVote).ToList();
        if (polls.Count == 0)
        {
            return;
        }

        if (skipped.Count > 0 && random.Next(8) == 0)
        {
            var (skippedPoll, revision, answer) = skipped[random.Next(skipped.Count)];
            await SendUntilDecidedAsync(skippedPoll, revision, answer, cancellationToken);
            return;
        }

        var poll = polls[random.Next(polls.Count)];
        var next = lastRevisions.GetValueOrDefault(poll.Id) + 1;
        if (random.Next(10) == 0)
        {
            // Sent later, after a higher revision, and must not change anything then.
            skipped.Add((poll, next++, Choose(poll)));
        }

        lastRevisions[poll.Id] = next;
        var chosen = Choose(poll);
        var concurrent = random.Next(12) == 0
            ? SendUntilDecidedAsync(poll, next, chosen, cancellationToken)
            : Task.CompletedTask;
        await SendUntilDecidedAsync(poll, next, chosen, cancellationToken);
        await concurrent;
        if (random.Next(12) == 0)
        {
            await SendUntilDecidedAsync(poll, next, chosen, cancellationToken);
        }
    }

    private Answer Choose(PollHistory poll) =>
        random.Next(8) == 0 ? poll.Model.Withdrawn : poll.Model.Draw(random);

    /// <summary>Sends the vote until there is a receipt or a final refusal.</summary>
    private async Task SendUntilDecidedAsync(
        PollHistory poll, int revision, Answer answer, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var retries = 0; ; retries++)
        {
            if (await TrySendAsync(poll, revision, answer, cancellationToken))
            {
                lock (Answers)
                {
                    Answers.Add((started, retries == 0 ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero));
                }

                return;
            }

            if (Stopwatch.GetElapsedTime(started) > RetryLimit)
            {
                history.Verdicts.Break(
                    Guarantee.G10,
                    $"{client.Name}: {retries + 1} attempts in {RetryLimit.TotalSeconds:0} s to send revision "
                        + $"{revision} in {poll.Name} failed.");
                return;
            }

            await Task.Delay(100 + random.Next(300), cancellationToken);
        }
    }

    private async Task<bool> TrySendAsync(
        PollHistory poll, int revision, Answer answer, CancellationToken cancellationToken)
    {
        var ballot = history.BallotOf(id, poll.Id);
        var sent = Stopwatch.GetTimestamp();
        var attempt = ballot.Sending(revision, answer, poll.Newest, sent);
        try
        {
            var received = await SendAsync(poll, revision, answer, cancellationToken);
            var receipt = new Receipt(
                revision, received.GetProperty("revision").GetInt32(),
                received.TryGetProperty("tallyVersion", out var version) ? version.GetInt64() : null,
                sent, Stopwatch.GetTimestamp());
            ballot.Received(attempt, receipt);
            Check(poll, ballot, receipt, Answer.Read(received));
            history.ReceiptReceived(receipt, poll);
            return true;
        }
        catch (RefusedException refused)
        {
            history.Refused(refused.Code);
            if (refused.IsFinal)
            {
                ballot.Refused(attempt);
            }

            if (refused.Code is not "poll.notOpen" && !refused.IsRetryable)
            {
                history.Verdicts.Break(
                    Guarantee.G10, $"{client.Name} was refused with a code that is not retryable: {refused.Message}");
            }

            return !refused.IsRetryable;
        }
        catch (NotConnectedException)
        {
            ballot.Refused(attempt);
            return false;
        }
        catch (UnansweredException)
        {
            history.Refused("(no answer)");
            return false;
        }
    }

    private void Check(PollHistory poll, Ballot ballot, Receipt receipt, string stored)
    {
        history.Verdicts.Checked(Guarantee.G2, "receipts with the answer that counts");
        if (ballot.AnswerOf(receipt.Revision) is not { } sent || sent.Stored != stored)
        {
            history.Verdicts.Break(
                Guarantee.G2,
                $"{poll.Name}: {client.Name} got a receipt for revision {receipt.Revision} with {stored} "
                    + $"and sent {ballot.AnswerOf(receipt.Revision)}.");
        }

        var isNone = poll.Purpose == Purpose.AfterVote && ballot.AnswerOf(receipt.Revision)?.IsWithdrawal == true;
        if ((poll.AlwaysHidden || isNone) && receipt.Version is not null)
        {
            history.Verdicts.Break(
                Guarantee.G6, $"{poll.Name}: {client.Name} got a receipt with the version of the hidden tally.");
        }
    }

    /// <summary>Sends over the hub, and every twentieth vote over HTTP.</summary>
    private Task<JsonElement> SendAsync(
        PollHistory poll, int revision, Answer answer, CancellationToken cancellationToken)
    {
        var path = $"/api/rooms/{code}/polls/{poll.Id}/vote";
        return (answer.IsWithdrawal, random.Next(20)) switch
        {
            (true, 0) => http.SendAsync(
                HttpMethod.Delete, $"{path}?revision={revision}", token, null, cancellationToken),
            (true, _) => client.CallAsync("WithdrawVote", poll.Id, revision),
            (_, 0) => http.SendAsync(HttpMethod.Put, path, token, answer.ToBody(revision), cancellationToken),
            _ => client.CallAsync("CastVote", poll.Id, answer.ToBody(revision)),
        };
    }
}
