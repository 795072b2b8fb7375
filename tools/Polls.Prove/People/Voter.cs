using System.Diagnostics;
using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>
/// Votes, changes, withdraws, repeats, sends lower revisions late, votes in polls that are closed, and writes down everything. Behaves as
/// the product's own client does: what was not answered, or answered with "busy" or "unavailable", is sent again with the same revision.
/// </summary>
internal sealed class Voter(Guid id, string code, string token, LiveClient client, HttpDoor http, Chronicle chronicle, Random random)
{
    // Longer than any fault lasts, with what comes after it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<Guid, int> lastRevisions = [];
    private readonly List<(PollStory Poll, int Revision, int[] Choices)> skipped = [];

    public string Token => token;

    public LiveClient Client => client;

    /// <summary>How long each first answer took, of votes that needed no repeat.</summary>
    public List<(long At, TimeSpan Took)> Answers { get; } = [];

    /// <summary>Votes until cancelled; between two votes it thinks this long on average.</summary>
    public async Task VoteAsync(VotingGate gate, TimeSpan thinking, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(thinking * (0.5 + random.NextDouble()), cancellationToken);
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
        // A draft that was open before is a door that people still knock at, too.
        var polls = client.Shown.Where(item => item.Value.State == "open" || random.Next(4) == 0).Select(item => chronicle.Story(item.Key)).OfType<PollStory>().ToList();
        if (polls.Count == 0)
        {
            return;
        }

        if (skipped.Count > 0 && random.Next(8) == 0)
        {
            var (poll, revision, choices) = skipped[random.Next(skipped.Count)];
            await DecideAsync(poll, revision, choices, cancellationToken);
            return;
        }

        var story = polls[random.Next(polls.Count)];
        var next = lastRevisions.GetValueOrDefault(story.Id) + 1;
        if (random.Next(10) == 0)
        {
            // Comes later, when a higher one counts, and must change nothing then.
            skipped.Add((story, next++, Choose(story)));
        }

        lastRevisions[story.Id] = next;
        var wanted = Choose(story);
        var twice = random.Next(12) == 0 ? DecideAsync(story, next, wanted, cancellationToken) : Task.CompletedTask;
        await DecideAsync(story, next, wanted, cancellationToken);
        await twice;
        if (random.Next(12) == 0)
        {
            await DecideAsync(story, next, wanted, cancellationToken);
        }
    }

    private int[] Choose(PollStory story)
    {
        if (random.Next(8) == 0)
        {
            return [];
        }

        var options = Enumerable.Range(0, story.Options).ToArray();
        random.Shuffle(options);
        return [.. options.Take(1 + random.Next(story.MaxChoices)).Order()];
    }

    /// <summary>Sends the vote until it is known what became of it.</summary>
    private async Task DecideAsync(PollStory story, int revision, int[] choices, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var repeats = 0; ; repeats++)
        {
            if (await IsDecidedAsync(story, revision, choices, cancellationToken))
            {
                lock (Answers)
                {
                    Answers.Add((started, repeats == 0 ? Stopwatch.GetElapsedTime(started) : TimeSpan.Zero));
                }

                return;
            }

            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                chronicle.Verdicts.Break(Guarantee.G10, $"{client.Name}: {repeats + 1} tries in {Patience.TotalSeconds:0} s did not heal revision {revision} in {story.Name}.");
                return;
            }

            await Task.Delay(100 + random.Next(300), cancellationToken);
        }
    }

    private async Task<bool> IsDecidedAsync(PollStory story, int revision, int[] choices, CancellationToken cancellationToken)
    {
        var ballot = chronicle.BallotOf(id, story.Id);
        var sent = Stopwatch.GetTimestamp();
        var attempt = ballot.Sending(revision, choices, story.Newest, sent);
        try
        {
            var answer = await SendAsync(story, revision, choices, cancellationToken);
            var receipt = new Receipt(
                revision, answer.GetProperty("revision").GetInt32(), answer.GetProperty("tallyVersion").GetInt64(), sent, Stopwatch.GetTimestamp());
            ballot.Received(attempt, receipt);
            chronicle.Took(receipt, story);
            return true;
        }
        catch (RefusedException refused)
        {
            chronicle.Refused(refused.Code);
            if (refused.IsFinal)
            {
                ballot.Refused(attempt);
            }

            if (refused.Code is not "poll.notOpen" && !refused.MayBeRepeated)
            {
                chronicle.Verdicts.Break(Guarantee.G10, $"{client.Name} was refused with what no repeat heals: {refused.Message}");
            }

            return !refused.MayBeRepeated;
        }
        catch (NotConnectedException)
        {
            ballot.Refused(attempt);
            return false;
        }
        catch (UnansweredException)
        {
            chronicle.Refused("(no answer)");
            return false;
        }
    }

    /// <summary>Over the hub, and now and then over HTTP.</summary>
    private Task<JsonElement> SendAsync(PollStory story, int revision, int[] choices, CancellationToken cancellationToken)
    {
        var path = $"/api/rooms/{code}/polls/{story.Id}/vote";
        return (choices.Length, random.Next(20)) switch
        {
            (0, 0) => http.SendAsync(HttpMethod.Delete, $"{path}?revision={revision}", token, null, cancellationToken),
            (0, _) => client.CallAsync("WithdrawVote", story.Id, revision),
            (_, 0) => http.SendAsync(HttpMethod.Put, path, token, new { choices, revision }, cancellationToken),
            _ => client.CallAsync("CastVote", story.Id, new { choices, revision }),
        };
    }
}
