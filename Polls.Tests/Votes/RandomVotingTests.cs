using System.Collections.Concurrent;
using Polls.Core;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Storage;
using Xunit.Abstractions;

namespace Polls.Tests.Votes;

/// <summary>Random voters and a random host, compared with a model that replays the receipts (G2, G3).</summary>
[Collection(nameof(SharedPostgres))]
public sealed class RandomVotingTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const int Options = 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_version_of_the_tally_is_the_sum_of_the_receipts_up_to_it(bool allowChange)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var first = postgres.Core();
        await using var second = postgres.Core();
        await using var third = postgres.Core();
        TestCore[] cores = [first, second, third];
        var poll = await first.OpenAsync(TestApi.Draft(
            options: Options, kind: PollKind.MultipleChoice, settings: new PollSettings { AllowChange = allowChange }));

        var voters = Enumerable.Range(0, 25).Select(_ => Guid.NewGuid()).ToArray();
        var casts = Enumerable.Range(0, 1000).Select(i => (
            Core: cores[random.Next(cores.Length)],
            Vote: TestCore.Vote(poll, voters[random.Next(voters.Length)], i / 20 + random.Next(8), Choices(random)))).ToList();
        var accepted = new ConcurrentBag<(long Version, PendingVote Vote)>();
        var hosting = HostAsync(cores, poll, new Random(seed + 1));
        await Parallel.ForEachAsync(casts, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (cast, _) =>
        {
            var edition = (await cast.Core.PollAsync(poll.Id)).Edition;
            var result = await cast.Core.Queue.CastAsync(cast.Vote with { Edition = edition }, default);
            if (result.Outcome == VoteOutcome.Accepted)
            {
                result.Receipt!.Revision.ShouldBe(cast.Vote.Revision);
                accepted.Add((result.Receipt.TallyVersion, cast.Vote));
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
                tally.Counts.ShouldBe(Counts(model), $"seed {seed}, version {version}");
                tally.Voters.ShouldBe(model.Values.Count(vote => vote.Marks.Length > 0), $"seed {seed}, version {version}");
            }
        }

        resetsSeen.ShouldBe(resets, $"seed {seed}: a version is a batch or a reset");
        final.Counts.ShouldBe(Counts(model), $"seed {seed}");
        var stored = await first.VotesAsync(poll.Id);
        stored.Keys.ShouldBe(model.Keys, ignoreOrder: true);
        foreach (var (voter, vote) in model)
        {
            stored[voter].Revision.ShouldBe(vote.Revision, $"seed {seed}");
            stored[voter].Marks.ShouldBe(vote.Marks, $"seed {seed}");
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
                (allowChange || before.Marks.Length == 0).ShouldBeTrue("the first vote stands");
            }

            model[vote.ParticipantId] = vote;
        }
    }

    /// <summary>Closes, opens and resets at random, leaves the poll open, and returns the number of resets.</summary>
    private static async Task<int> HostAsync(TestCore[] cores, PollSnapshot poll, Random random)
    {
        var (resets, draft) = (0, false);
        for (var i = 0; i < 40; i++)
        {
            var core = cores[random.Next(cores.Length)];
            switch (random.Next(8))
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

    private static int[] Choices(Random random) =>
        [.. Enumerable.Range(0, Options).Where(_ => random.Next(3) == 0)];

    private static int[] Counts(Dictionary<Guid, PendingVote> model) =>
        [.. Enumerable.Range(0, Options).Select(option => model.Values.Count(vote => vote.Marks.Contains((short)option)))];
}
