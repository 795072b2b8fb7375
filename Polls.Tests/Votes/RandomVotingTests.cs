using System.Collections.Concurrent;
using CsCheck;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Kinds;
using Polls.Tests.Storage;
using Xunit.Abstractions;

namespace Polls.Tests.Votes;

/// <summary>Random voters and a random host, compared with a model that replays the receipts (G2, G3).</summary>
[Collection(nameof(SharedPostgres))]
public sealed class RandomVotingTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Options = 4;
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
    public Task Every_version_of_the_tally_is_the_sum_of_the_receipts_up_to_it(PollKind kind, bool allowChange) =>
        Gen.Select(Casts(kind), Actions).SampleAsync(
            (casts, actions) => VoteAsync(kind, allowChange, casts, actions), iter: 1, threads: 1, print: _ => "");

    private static Gen<Cast[]> Casts(PollKind kind)
    {
        var rules = PollKinds.Get(kind);
        var shape = Answering.Shape(kind, Options);
        // One in eight withdraws.
        var ballots = Gen.Select(Answering.Answer(kind, Options), Gen.Int[0, 7], (answer, draw) =>
            draw == 0 ? Ballot.Empty : rules.Read(shape, answer)!);
        return Gen.Select(Gen.Int[0, Instances - 1], Gen.Int[0, Voters - 1], Gen.Int[0, 7], ballots, (instance, voter, ahead, ballot) =>
            new Cast(instance, voter, ahead, ballot)).Array[1000];
    }

    private async Task VoteAsync(PollKind kind, bool allowChange, Cast[] casts, (int Instance, int Action)[] actions)
    {
        var shape = Answering.Shape(kind, Options);
        await using var first = postgres.Core();
        await using var second = postgres.Core();
        await using var third = postgres.Core();
        TestCore[] cores = [first, second, third];
        var poll = await first.OpenAsync(TestApi.Draft(
            options: shape.Options, kind: kind, settings: PollSettings.Of(shape.Settings) with { AllowChange = allowChange }));

        var voters = Enumerable.Range(0, Voters).Select(_ => Guid.NewGuid()).ToArray();
        var accepted = new ConcurrentBag<(long Version, PendingVote Vote)>();
        var hosting = HostAsync(cores, poll, actions);
        await Parallel.ForEachAsync(casts.Index(), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (item, _) =>
        {
            var (i, cast) = item;
            var core = cores[cast.Instance];
            var vote = TestCore.Vote(await core.PollAsync(poll.Id), voters[cast.Voter], (i / 20) + cast.Ahead, cast.Ballot);
            var result = await core.Queue.CastAsync(vote, default);
            if (result.Outcome == VoteOutcome.Accepted)
            {
                result.Vote!.Revision.ShouldBe(vote.Revision);
                accepted.Add((result.Vote.TallyVersion!.Value, vote));
            }
        });
        var resets = await hosting;

        var final = (await first.AuditAsync(poll.Id)).ShouldBeExact();
        output.WriteLine($"{accepted.Count} votes accepted in {final.Version} versions, {resets} resets");
        var heard = cores.SelectMany(core => core.Heard.TalliesOf(poll.Id)).ToLookup(tally => tally.Version);
        var batches = accepted.ToLookup(item => item.Version, item => item.Vote);
        var model = new Dictionary<Guid, PendingVote>();
        var resetsSeen = 0;
        for (var version = 1L; version <= final.Version; version++)
        {
            resetsSeen += batches.Contains(version) ? 0 : 1;
            Replay(model, [.. batches[version]], allowChange);
            foreach (var tally in heard[version])
            {
                tally.Counts.ShouldBe(Counts(model, tally.Counts.Count), $"version {version}");
                tally.Voters.ShouldBe(model.Values.Count(vote => !vote.Ballot.IsEmpty), $"version {version}");
            }
        }

        resetsSeen.ShouldBe(resets, $"a version is a batch or a reset");
        final.Counts.ShouldBe(Counts(model, PollKinds.Get(kind).Cells(shape)));
        (await first.EntriesAsync(poll.Id)).ToDictionary(entry => entry.Key, entry => entry.Count).ShouldBe(
            model.Values.SelectMany(vote => vote.Ballot.Keys ?? []).CountBy(key => key).ToDictionary(), ignoreOrder: true);
        var stored = await first.VotesAsync(poll.Id);
        stored.Keys.ShouldBe(model.Keys, ignoreOrder: true);
        foreach (var (voter, vote) in model)
        {
            stored[voter].Revision.ShouldBe(vote.Revision);
            stored[voter].Ballot.ShouldBe(vote.Ballot);
        }
    }

    /// <summary>One batch, or a reset if no batch has this version.</summary>
    private static void Replay(Dictionary<Guid, PendingVote> model, PendingVote[] batch, bool allowChange)
    {
        if (batch.Length == 0)
        {
            model.Clear();
        }

        foreach (var vote in batch)
        {
            if (model.TryGetValue(vote.ParticipantId, out var before))
            {
                vote.Revision.ShouldBeGreaterThan(before.Revision);
                (allowChange || before.Ballot.IsEmpty).ShouldBeTrue("the first vote stands");
            }

            model[vote.ParticipantId] = vote;
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

    private static int[] Counts(Dictionary<Guid, PendingVote> model, int cells)
    {
        var counts = new int[cells];
        foreach (var ballot in model.Values.Select(vote => vote.Ballot))
        {
            for (var i = 0; i < ballot.Marks.Length; i++)
            {
                counts[ballot.Marks[i]] += ballot.Weights?[i] ?? 1;
            }
        }

        return counts;
    }

    /// <summary>A vote to cast.</summary>
    /// <param name="Instance">The index of the instance that receives it.</param>
    /// <param name="Voter">The index of the voter.</param>
    /// <param name="Ahead">How far its revision is ahead of a number that grows slowly, so that some arrive late.</param>
    /// <param name="Ballot">The answer; an empty one withdraws.</param>
    private sealed record Cast(int Instance, int Voter, int Ahead, Ballot Ballot);
}
