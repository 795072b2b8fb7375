using System.Collections.Concurrent;
using System.Text.Json;
using CsCheck;
using Polls.Api.Http;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Prove.Kinds;
using Polls.Tests.Clients;
using Polls.Tests.Kinds;
using Polls.Tests.Storage;
using Xunit.Abstractions;
using Answer = Polls.Core.Kinds.Answer;
using ProofAnswer = Polls.Prove.Kinds.Answer;

namespace Polls.Tests.Votes;

/// <summary>
/// Random voters and a random host, compared with a replay of the receipts (G2, G3). What an answer adds to the tally is said by the fault
/// suite's models, which share no code with the product.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class RandomVotingTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Instances = 3;
    private const int Voters = 25;

    private static readonly Gen<(int Instance, int Action)[]> Actions =
        Gen.Select(Gen.Int[0, Instances - 1], Gen.Int[0, 7]).Array[40];

    // A failure prints the seed. It is not searched for a smaller example, because the order of commits differs each time.
    [Theory]
    [InlineData(PollKind.SingleChoice, true)]
    [InlineData(PollKind.MultipleChoice, true)]
    [InlineData(PollKind.MultipleChoice, false)]
    [InlineData(PollKind.Rating, true)]
    [InlineData(PollKind.Scales, true)]
    [InlineData(PollKind.Ranking, true)]
    [InlineData(PollKind.Points, true)]
    [InlineData(PollKind.Points, false)]
    [InlineData(PollKind.Motion, true)]
    [InlineData(PollKind.WordCloud, true)]
    [InlineData(PollKind.WordCloud, false)]
    [InlineData(PollKind.Numeric, true)]
    public Task Every_version_of_the_tally_is_the_sum_of_the_receipts_up_to_it(PollKind kind, bool allowChange)
    {
        var model = Models.Of(kind);
        return Gen.Select(Casts(model), Actions).SampleAsync(
            (casts, actions) => VoteAsync(kind, model, allowChange, casts, actions), iter: 1, threads: 1, print: _ => "");
    }

    // One in eight withdraws.
    private static Gen<Cast[]> Casts(KindModel model) => Gen.Select(
        Gen.Int[0, Instances - 1], Gen.Int[0, Voters - 1], Gen.Int[0, 7], Gen.Int, Gen.Int[0, 7], (instance, voter, ahead, seed, draw) =>
            new Cast(instance, voter, ahead, draw == 0 ? model.Withdrawn : model.Draw(new Random(seed)))).Array[1000];

    private async Task VoteAsync(PollKind kind, KindModel model, bool allowChange, Cast[] casts, (int Instance, int Action)[] actions)
    {
        await using var first = postgres.Core();
        await using var second = postgres.Core();
        await using var third = postgres.Core();
        TestCore[] cores = [first, second, third];
        var poll = await first.OpenAsync(TestApi.Draft(
            options: model.Options, kind: kind, settings: new PollSettings
            {
                AllowChange = allowChange,
                OfKind = model.Settings.ToDictionary(setting => setting.Key, setting => JsonSerializer.SerializeToElement(setting.Value)),
            }));

        var voters = Enumerable.Range(0, Voters).Select(_ => Guid.NewGuid()).ToArray();
        var accepted = new ConcurrentBag<(long Version, Voted Vote)>();
        var hosting = HostAsync(cores, poll, actions);
        await Parallel.ForEachAsync(casts.Index(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (item, _) =>
        {
            var (i, cast) = item;
            var core = cores[cast.Instance];
            var (voter, revision) = (voters[cast.Voter], (i / 20) + cast.Ahead);
            var ballot = cast.Answer.IsWithdrawal ? Ballot.Empty : PollKinds.Get(kind).Read(poll.Shape, Sent(cast.Answer));
            var result = await core.Queue.CastAsync(
                TestCore.Vote(await core.PollAsync(poll.Id), voter, revision, ballot.ShouldNotBeNull()), default);
            if (result.Outcome == VoteOutcome.Accepted)
            {
                result.Vote!.Revision.ShouldBe(revision);
                accepted.Add((result.Vote.TallyVersion!.Value, new Voted(voter, revision, cast.Answer)));
            }
        });
        var resets = await hosting;

        var final = (await first.AuditAsync(poll.Id)).ShouldBeExact();
        output.WriteLine($"{accepted.Count} votes accepted in {final.Version} versions, {resets} resets");
        var heard = cores.SelectMany(core => core.Heard.TalliesOf(poll.Id)).ToLookup(tally => tally.Version);
        var batches = accepted.ToLookup(item => item.Version, item => item.Vote);
        var votes = new Dictionary<Guid, Voted>();
        var resetsSeen = 0;
        for (var version = 1L; version <= final.Version; version++)
        {
            resetsSeen += batches.Contains(version) ? 0 : 1;
            Replay(votes, [.. batches[version]], allowChange);
            foreach (var tally in heard[version])
            {
                tally.Counts.ShouldBe(Numbers(votes, model)[..model.Cells], $"version {version}");
                tally.Voters.ShouldBe(votes.Values.Count(vote => !vote.Answer.IsWithdrawal), $"version {version}");
            }
        }

        resetsSeen.ShouldBe(resets, $"a version is a batch or a reset");
        var numbers = Numbers(votes, model);
        final.Counts.ShouldBe(numbers[..model.Cells]);
        // Words stay when nobody has them any more, numbers do not.
        (await first.EntriesAsync(poll.Id)).Where(entry => kind != PollKind.WordCloud || entry.Count > 0).ToDictionary(entry => entry.Key, entry => entry.Count).ShouldBe(
            model.Keys.Zip(numbers[model.Cells..]).Where(item => item.Second > 0).ToDictionary(item => item.First, item => item.Second), ignoreOrder: true);
        var stored = await first.VotesAsync(poll.Id);
        stored.Keys.ShouldBe(votes.Keys, ignoreOrder: true);
        foreach (var (voter, vote) in votes)
        {
            stored[voter].Revision.ShouldBe(vote.Revision);
            ProofAnswer.Read(JsonSerializer.SerializeToElement(PollKinds.Get(kind).Write(poll.Shape, stored[voter].Ballot), Json.Options))
                .ShouldBe(vote.Answer.Stored);
        }
    }

    /// <summary>The answer as an instance receives it.</summary>
    private static Answer Sent(ProofAnswer answer) =>
        JsonSerializer.SerializeToElement(answer.ToBody(0)).Deserialize<Answer>(Json.Options)!;

    /// <summary>One batch, or a reset if no batch has this version.</summary>
    private static void Replay(Dictionary<Guid, Voted> votes, Voted[] batch, bool allowChange)
    {
        if (batch.Length == 0)
        {
            votes.Clear();
        }

        foreach (var vote in batch)
        {
            if (votes.TryGetValue(vote.Voter, out var before))
            {
                vote.Revision.ShouldBeGreaterThan(before.Revision);
                (allowChange || before.Answer.IsWithdrawal).ShouldBeTrue("the first vote stands");
            }

            votes[vote.Voter] = vote;
        }
    }

    /// <summary>Closes, opens and resets at random, leaves the poll open, and returns the number of resets.</summary>
    private static async Task<int> HostAsync(TestCore[] cores, PollSnapshot poll, (int Instance, int Action)[] actions)
    {
        var (resets, draft) = (0, false);
        foreach (var (instance, action) in actions)
        {
            var core = cores[instance];
            switch (action)
            {
                case 0:
                    resets += draft ? 0 : 1;
                    draft = true;
                    await core.ResetAsync(poll);
                    break;
                case 1 when !draft:
                    await core.CloseAsync(poll);
                    break;
                default:
                    draft = false;
                    await core.OpenAsync(poll);
                    break;
            }
        }

        await cores[0].OpenAsync(poll);
        return resets;
    }

    /// <summary>The tally's cells, then a count per key.</summary>
    private static int[] Numbers(Dictionary<Guid, Voted> votes, KindModel model)
    {
        var numbers = new int[model.Size];
        foreach (var (index, number) in votes.Values.SelectMany(vote => vote.Answer.Adds))
        {
            numbers[index] += number;
        }

        return numbers;
    }

    /// <summary>A vote to cast.</summary>
    /// <param name="Instance">The index of the instance that receives it.</param>
    /// <param name="Voter">The index of the voter.</param>
    /// <param name="Ahead">How far its revision is ahead of a number that grows slowly, so that some arrive late.</param>
    /// <param name="Answer">The answer.</param>
    private sealed record Cast(int Instance, int Voter, int Ahead, ProofAnswer Answer);

    /// <summary>A vote that was accepted.</summary>
    private sealed record Voted(Guid Voter, int Revision, ProofAnswer Answer);
}
