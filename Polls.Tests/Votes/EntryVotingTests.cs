using System.Text;
using System.Text.Json;
using CsCheck;
using Polls.Api.Http;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>Words and numbers: entries that votes add to, and what hosts do with them.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class EntryVotingTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Words_are_numbered_in_order_of_appearance_and_counted_once_a_person()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync(Cloud());
        var (ann, ben, eve) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await core.SayAsync(poll, ann, 0, "Red", "Green");
        await core.SayAsync(poll, ben, 0, "RED", "«red»", "Blue");
        await core.SayAsync(poll, eve, 0, "green");

        var head = await core.HeadAsync(poll);
        head.ForParticipants.Items.Select(item => (item.N, item.Text, item.Count)).ShouldBe([(1, "Red", 2), (2, "Green", 2), (3, "Blue", 1)]);
        (head.ForParticipants.Total, head.ForParticipants.Others).ShouldBe((3, 0));

        var receipt = (await core.SayAsync(poll, ben, 1, "green", "Yellow")).ShouldSucceed();
        receipt.Texts.ShouldBe(["green", "Yellow"]);
        (await core.SayAsync(poll, ben, 1, "Other")).ShouldSucceed().Texts.ShouldBe(["green", "Yellow"]);
        (await core.SayAsync(poll, ben, 0, "Other")).ShouldSucceed().Texts.ShouldBe(["green", "Yellow"]);
        await core.Box.WithdrawAsync(new Voter(poll.RoomId, ann), poll.Id, 1, default);

        // Nobody says red and blue any more. Said again, they have the same number and spelling.
        head = await core.HeadAsync(poll);
        head.ForHosts.Items.Select(item => (item.N, item.Text, item.Count)).ShouldBe([(2, "Green", 2), (4, "Yellow", 1)]);
        (head.Total, (await core.EntriesAsync(poll.Id)).Count).ShouldBe((2, 4));
        await core.SayAsync(poll, ann, 2, "blue", "new");
        (await core.EntriesAsync(poll.Id)).Select(entry => (entry.N, entry.Text, entry.Count)).ShouldBe(
            [(1, "Red", 0), (2, "Green", 2), (3, "Blue", 1), (4, "Yellow", 1), (5, "new", 1)]);
        (await core.AuditAsync(poll.Id)).Voters.ShouldBe(3);

        await core.ResetAsync(poll);
        (await core.EntriesAsync(poll.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_first_answer_of_words_can_be_final()
    {
        await using var core = postgres.Core();
        var draft = Cloud();
        var poll = await core.OpenAsync(draft with { Settings = draft.Settings! with { AllowChange = false } });
        var voter = Guid.NewGuid();
        await core.SayAsync(poll, voter, 0, "one");

        (await core.SayAsync(poll, voter, 1, "two")).ShouldBeRefused("vote.changeNotAllowed");
        (await core.Box.WithdrawAsync(new Voter(poll.RoomId, voter), poll.Id, 1, default)).ShouldBeRefused("vote.changeNotAllowed");
        (await core.EntriesAsync(poll.Id)).Single().Text.ShouldBe("one");
    }

    [Fact]
    public async Task A_full_poll_refuses_an_answer_with_a_new_word_whole()
    {
        await using var core = postgres.Core(TestCore.OneWriter);
        var poll = await core.OpenAsync(Cloud());
        // Entries as 19,998 votes would leave them.
        await using (var fill = core.Database.CreateCommand("""
            WITH words AS (
              INSERT INTO entries (poll_id, n, key, text, count, state)
              SELECT $1, n, 'w' || n, 'w' || n, 1, 0 FROM generate_series(1, 19998) n
            ), votes AS (
              INSERT INTO votes (poll_id, participant_id, revision, marks, keys, texts, tally_version, cast_at)
              SELECT $1, gen_random_uuid(), 0, '{}', ARRAY['w' || n], ARRAY['w' || n], 1, now() FROM generate_series(1, 19998) n
            )
            UPDATE tallies SET version = 1, voters = 19998, last_entry = 19998 WHERE poll_id = $1
            """))
        {
            fill.Parameters.Add(new() { Value = poll.Id });
            await fill.ExecuteNonQueryAsync();
        }

        PendingVote Vote(params string[] words) => TestCore.Vote(
            poll, Guid.NewGuid(), 0, PollKinds.Get(PollKind.WordCloud).Read(poll.Shape, new Answer { Texts = words })!);
        var outcomes = await core.CastTogetherAsync(
            Vote("new 1"), Vote("w5", "new 2"), Vote("new 3", "w6"), Vote("w7"), Vote("new 1", "NEW 2"), Vote("new 4"));

        outcomes.Select(result => result.Outcome).ShouldBe(
            [VoteOutcome.Accepted, VoteOutcome.Accepted, VoteOutcome.PollFull, VoteOutcome.Accepted, VoteOutcome.Accepted, VoteOutcome.PollFull]);
        (await core.SayAsync(poll, Guid.NewGuid(), 0, "w1", "new 5")).ShouldBeRefused("poll.full");
        (await core.SayAsync(poll, Guid.NewGuid(), 0, "w1", "new 2")).ShouldSucceed();
        var entries = await core.EntriesAsync(poll.Id);
        entries.Count.ShouldBe(20_000);
        entries.Single(entry => entry.Key == "w6").Count.ShouldBe(1);

        // Words that nobody says any more count as well: they can come back.
        var last = Guid.NewGuid();
        await core.SayAsync(poll, last, 0, "new 1");
        await core.Box.WithdrawAsync(new Voter(poll.RoomId, last), poll.Id, 1, default);
        foreach (var voter in (await core.VotesAsync(poll.Id)).Values.Where(vote => vote.Keys?.Contains("w9") == true).Select(vote => vote.ParticipantId))
        {
            await core.Box.WithdrawAsync(new Voter(poll.RoomId, voter), poll.Id, 1, default);
        }

        (await core.SayAsync(poll, last, 2, "new 6")).ShouldBeRefused("poll.full");
        (await core.SayAsync(poll, last, 2, "W9")).ShouldSucceed();
        entries = await core.EntriesAsync(poll.Id);
        entries[8].ShouldSatisfyAllConditions(entry => entry.N.ShouldBe(9), entry => entry.Text.ShouldBe("w9"), entry => entry.Count.ShouldBe(1));

        // Bounded for each audience, with the exact rest.
        var head = await core.HeadAsync(poll);
        foreach (var (part, most, bytes) in new[] { (head.ForParticipants, 20, 1_024), (head.ForScreens, 100, 12_288), (head.ForHosts, 200, 49_152) })
        {
            part.Items.Count.ShouldBe(most);
            (part.Items.Sum(item => item.Count) + part.Others).ShouldBe(entries.Sum(entry => entry.Count));
            Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(part, Json.Options)).ShouldBeLessThanOrEqualTo(bytes);
        }

        // All of them, page by page.
        var (seen, after) = (new List<int>(), (string?)null);
        do
        {
            var page = (await core.EntryPages.ReadAsync(poll.Id, EntrySort.Top, after, 100, default)).ShouldNotBeNull();
            page.Total.ShouldBe(20_000);
            seen.AddRange(page.Items.Select(item => item.N));
            after = page.Next;
        }
        while (after is not null);

        seen.ShouldBe(entries.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.N).Select(entry => entry.N));
    }

    [Fact]
    public async Task An_update_of_thousands_of_words_has_a_kilobyte_for_a_phone_and_is_exact()
    {
        const int People = 5_000;
        const int Words = 4_000;
        await using var core = postgres.Core();
        var poll = await core.OpenAsync(Cloud());
        // Everybody says one of 20 common words, of which the first are the most frequent, and one of all others.
        PendingVote[] votes = [.. Enumerable.Range(0, People).Select(i => Vote($"common {i % (1 + (i % 20))}", $"word {i % (Words - 20)}"))];
        foreach (var some in votes.Chunk(1_000))
        {
            (await Task.WhenAll(some.Select(vote => core.Queue.CastAsync(vote, default)))).ShouldAllBe(result => result.Outcome == VoteOutcome.Accepted);
        }

        await ShouldBeExactAsync(People, Words);
        // 500 people withdraw, and 500 say one other word twice. Their words stay, because others said them, too.
        await Task.WhenAll(votes[..500].Select(vote => core.Queue.CastAsync(TestCore.Vote(poll, vote.ParticipantId, 1, Ballot.Empty), default)));
        await Task.WhenAll(votes[500..1_000].Select(vote => core.Queue.CastAsync(
            TestCore.Vote(poll, vote.ParticipantId, 1, Vote("changed", "CHANGED").Ballot), default)));
        await ShouldBeExactAsync(People - 500, Words + 1);

        PendingVote Vote(params string[] words) => TestCore.Vote(
            poll, Guid.NewGuid(), 0, PollKinds.Get(PollKind.WordCloud).Read(poll.Shape, new Answer { Texts = words })!);

        async Task ShouldBeExactAsync(int people, int words)
        {
            var tally = (await core.Reader.ReadTallyAsync(poll, default)).ShouldNotBeNull().Tally;
            var (update, entries) = (Role.Participant.PartOf(tally), await core.EntriesAsync(poll.Id));
            JsonSerializer.SerializeToUtf8Bytes(update, Json.Options).Length.ShouldBeLessThanOrEqualTo(1_024);
            (update.Voters, update.Entries!.Total, update.Entries.Items.Count).ShouldBe((people, words, 20));
            entries.Count.ShouldBe(words);
            var ordered = entries.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.N).ToList();
            update.Entries.Items.Select(item => (item.N, item.Text, item.Count)).ShouldBe(ordered.Take(20).Select(entry => (entry.N, entry.Text, entry.Count)));
            update.Entries.Others.ShouldBe(ordered.Skip(20).Sum(entry => entry.Count));
        }
    }

    [Fact]
    public async Task A_head_is_cut_at_whole_words_where_they_are_long()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync(Cloud("""{"maxAnswers":10,"maxLength":60}"""));
        foreach (var start in new[] { "愛", "é", "\"" })
        {
            await core.SayAsync(poll, Guid.NewGuid(), 0, [.. Enumerable.Range(0, 10).Select(i => string.Concat(Enumerable.Repeat(start, 55)) + i)]);
        }

        var part = (await core.HeadAsync(poll)).ForParticipants;

        part.Items.Count.ShouldBeInRange(3, 19);
        (part.Total, part.Items.Sum(item => item.Count) + part.Others).ShouldBe((30, 30));
        Encoding.UTF8.GetByteCount(JsonSerializer.Serialize(part, Json.Options)).ShouldBeInRange(700, 1_024);
    }

    [Fact]
    public async Task Hidden_words_leave_the_result_and_come_back_exactly()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync(Cloud());
        var voter = Guid.NewGuid();
        await core.SayAsync(poll, voter, 0, "good", "bad");
        await core.SayAsync(poll, Guid.NewGuid(), 0, "bad");

        var version = (await core.HideAsync(poll, 2)).ShouldSucceed().TallyVersion;
        version.ShouldBe(3);
        var head = await core.HeadAsync(poll);
        head.ForParticipants.Items.Select(item => item.Text).ShouldBe(["good"]);
        (head.ForParticipants.Total, head.ForParticipants.Others, head.ForParticipants.Hidden).ShouldBe((1, 0, null));
        head.ForHosts.Items.Select(item => (item.Text, item.State)).ShouldBe([("bad", EntryVisibility.Hidden), ("good", null)]);
        (head.ForHosts.Hidden, head.ForHosts.Pending, head.ForHosts.Others).ShouldBe((1, 0, 0));
        (await core.HideAsync(poll, 2)).ShouldSucceed().TallyVersion.ShouldBe(version, "nothing changed");
        (await core.Audit.ReadAsync(poll.RoomId, default)).Count(row => row.What == "hideEntry").ShouldBe(1);

        // Votes still count, and the decision outlasts them.
        await core.SayAsync(poll, voter, 1, "good");
        await core.SayAsync(poll, voter, 2, "good", "bad");
        (await core.EntriesAsync(poll.Id)).Select(entry => (entry.Text, entry.Count, entry.State)).ShouldBe([("good", 1, EntryState.Shown), ("bad", 2, EntryState.Hidden)]);
        (await core.EntryCommands.ShowAsync(poll.RoomId, poll.Id, [2], true, default)).ShouldSucceed();
        (await core.HeadAsync(poll)).ForParticipants.Items.Select(item => (item.Text, item.Count)).ShouldBe([("bad", 2), ("good", 1)]);

        (await core.HideAsync(poll, 1, 3)).ShouldBeRefused("entry.notFound");
        (await core.HideAsync(poll)).ShouldBeRefused("entry.tooMany");
        (await core.HideAsync(poll, [.. Enumerable.Range(1, 101)])).ShouldBeRefused("entry.tooMany");
        (await core.HeadAsync(poll)).Hidden.ShouldBe(0, "all or none");
    }

    [Fact]
    public async Task Words_that_wait_are_shown_only_by_the_host()
    {
        await using var core = postgres.Core();
        var reviewed = await core.OpenAsync(Cloud("""{"review":true}"""));
        await core.SayAsync(reviewed, Guid.NewGuid(), 0, "one", "two");
        (await core.EntryCommands.ShowAsync(reviewed.RoomId, reviewed.Id, [1], true, default)).ShouldSucceed();
        var head = await core.HeadAsync(reviewed);
        head.ForParticipants.Items.Select(item => item.Text).ShouldBe(["one"]);
        head.ForHosts.Items.Select(item => (item.Text, item.State, item.Reason)).ShouldBe([("one", null, null), ("two", EntryVisibility.Pending, PendingReason.Review)]);
        head.ForHosts.Pending.ShouldBe(1);

        var filtered = await core.OpenAsync(Cloud());
        await core.SayAsync(filtered, Guid.NewGuid(), 0, "nice", "Sh1t!");
        (await core.HeadAsync(filtered)).ForScreens.Items.Select(item => item.Text).ShouldBe(["nice"]);
        (await core.HeadAsync(filtered)).ForHosts.Items[1].Reason.ShouldBe(PendingReason.Filter);
        var unfiltered = await core.OpenAsync(Cloud("""{"filter":false}"""));
        await core.SayAsync(unfiltered, Guid.NewGuid(), 0, "Sh1t!");
        (await core.HeadAsync(unfiltered)).Total.ShouldBe(1);
    }

    [Fact]
    public async Task Merged_words_count_each_person_once_until_they_are_split()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync(Cloud());
        var ann = Guid.NewGuid();
        await core.SayAsync(poll, ann, 0, "car", "auto", "vehicle");
        await core.SayAsync(poll, Guid.NewGuid(), 0, "auto");
        await core.SayAsync(poll, Guid.NewGuid(), 0, "vehicle", "bike");

        (await core.MergeAsync(poll, 1, 3)).ShouldSucceed();
        (await core.MergeAsync(poll, 2, 3)).ShouldSucceed();
        (await core.HeadAsync(poll)).ForHosts.Items.Select(item => (item.Text, item.Count)).ShouldBe([("vehicle", 3), ("bike", 1)]);
        (await core.EntriesAsync(poll.Id)).Select(entry => (entry.N, entry.MergedInto, entry.Root)).ShouldBe([(1, 3, 3), (2, 3, 3), (3, null, null), (4, null, null)]);
        (await core.MergeAsync(poll, 2, 3)).ShouldSucceed();
        foreach (var (n, into, code) in new[] { (3, 3, "entry.badMerge"), (3, 4, "entry.badMerge"), (4, 1, "entry.badMerge"), (1, 4, "entry.badMerge"), (9, 1, "entry.notFound"), (4, 9, "entry.notFound") })
        {
            (await core.MergeAsync(poll, n, into)).ShouldBeRefused(code);
        }

        // Votes go on counting there, and once.
        await core.SayAsync(poll, ann, 1, "car");
        await core.SayAsync(poll, Guid.NewGuid(), 0, "car", "auto");
        (await core.HeadAsync(poll)).ForHosts.Items[0].Count.ShouldBe(4);
        await core.Box.WithdrawAsync(new Voter(poll.RoomId, ann), poll.Id, 2, default);
        (await core.EntriesAsync(poll.Id)).Select(entry => entry.Count).ShouldBe([1, 2, 3, 1]);

        (await core.SplitAsync(poll, 2)).ShouldSucceed();
        (await core.EntriesAsync(poll.Id)).Select(entry => (entry.N, entry.Root, entry.Count)).ShouldBe([(1, 3, 1), (2, null, 2), (3, null, 2), (4, null, 1)]);
        (await core.HideAsync(poll, 1)).ShouldSucceed().State.ShouldBe(EntryVisibility.Merged);
        (await core.SplitAsync(poll, 1)).ShouldSucceed().State.ShouldBe(EntryVisibility.Hidden);
        (await core.SplitAsync(poll, 1)).ShouldSucceed();
        var shown = (await core.EntryCommands.ShowAsync(poll.RoomId, poll.Id, [1], true, default)).ShouldSucceed();
        shown.State.ShouldBe(EntryVisibility.Shown);
        (await core.EntryCommands.ShowAsync(poll.RoomId, poll.Id, [1, 2], true, default)).ShouldSucceed().TallyVersion.ShouldBe(shown.TallyVersion, "nothing changed");
        (await core.HeadAsync(poll)).ForHosts.Items.Select(item => (item.Text, item.Count)).ShouldBe([("auto", 2), ("car", 1), ("vehicle", 1), ("bike", 1)]);

        // People who said a hidden word must not appear in a shown one, nor the reverse.
        (await core.HideAsync(poll, 4)).ShouldSucceed();
        (await core.MergeAsync(poll, 4, 2)).ShouldBeRefused("entry.badMerge");
        (await core.MergeAsync(poll, 2, 4)).ShouldBeRefused("entry.badMerge");
    }

    [Fact]
    public async Task At_random_every_entry_equals_the_recount()
    {
        var words = "a b c d e f g h".Split(' ');
        var casts = Gen.Select(Gen.Int[0, 11], Gen.Shuffle(words), Gen.Int[0, 3], (voter, all, count) => (Voter: voter, Words: all[..count])).Array[300];
        var acts = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 12], Gen.Int[1, 12], (what, n, into) => (What: what, N: n, Into: into)).Array[60];
        await Gen.Select(casts, acts).SampleAsync(async (votes, host) =>
        {
            await using var core = postgres.Core();
            await using var other = postgres.Core();
            var poll = await core.OpenAsync(Cloud());
            var voters = Enumerable.Range(0, 12).Select(_ => Guid.NewGuid()).ToArray();
            var hosting = Task.Run(async () =>
            {
                foreach (var (what, n, into) in host)
                {
                    _ = what switch
                    {
                        0 => await core.MergeAsync(poll, n, into),
                        1 => await core.SplitAsync(poll, n),
                        2 => await core.HideAsync(poll, n),
                        _ => await core.EntryCommands.ShowAsync(poll.RoomId, poll.Id, [n], true, default),
                    };
                }
            });
            await Parallel.ForEachAsync(votes.Index(), new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (item, token) =>
            {
                var (i, (voter, said)) = item;
                var by = i % 2 == 0 ? core : other;
                _ = said.Length == 0
                    ? await by.Box.WithdrawAsync(new Voter(poll.RoomId, voters[voter]), poll.Id, i, token)
                    : await by.SayAsync(poll, voters[voter], i, said);
            });
            await hosting;

            var entries = await core.EntriesAsync(poll.Id);
            (await core.AuditAsync(poll.Id)).Voters.ShouldBe((await core.VotesAsync(poll.Id)).Values.Count(vote => !vote.Ballot.IsEmpty));
            var shown = entries.Where(entry => entry is { Root: null, Count: > 0, State: EntryState.Shown }).ToList();
            var head = await core.HeadAsync(poll);
            (head.Total, head.People).ShouldBe((shown.Count, shown.Sum(entry => entry.Count)));
            head.ForScreens.Items.Select(item => item.N).ShouldBe(shown.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.N).Select(entry => entry.N));
        }, iter: 3, threads: 1, print: _ => "");
    }

    [Fact]
    public async Task Figures_of_numbers_are_exact()
    {
        var polls = Gen.Select(Gen.Int[0, 2], Gen.Int[-500, 500], Gen.Int[1, 1_000], Gen.Int[0, 1_000].Array[1, 25]);
        await using var core = postgres.Core();
        await polls.SampleAsync(async (decimals, from, span, drawn) =>
        {
            var unit = new[] { 1m, 0.1m, 0.01m }[decimals];
            var (min, max) = (from * unit, (from + span) * unit);
            var poll = await core.OpenAsync(TestApi.Draft(options: 0, kind: PollKind.Numeric, settings: PollSettings.Of(new NumericSettings(min, max, decimals))));
            decimal[] numbers = [.. drawn.Select(draw => min + (draw % (span + 1) * unit)).Order()];
            foreach (var number in numbers)
            {
                (await core.Box.CastAsync(new Voter(poll.RoomId, Guid.NewGuid()), poll.Id, new Answer { Number = number }, 0, null, default))
                    .ShouldSucceed().Number.ShouldBe(number);
            }

            var read = (await core.Reader.ReadTallyAsync(poll, default)).ShouldNotBeNull().Tally;
            var figures = read.Numbers.ShouldNotBeNull();
            var n = numbers.Length;
            (figures.N, figures.Min, figures.Max, read.Voters).ShouldBe((n, numbers[0], numbers[^1], n));
            figures.Mean.ShouldBe(decimal.Round(numbers.Sum() / n, decimals + 2, MidpointRounding.AwayFromZero));
            figures.Median.ShouldBe((numbers[(n - 1) / 2] + numbers[n / 2]) / 2);
            figures.Q1.ShouldBe(numbers.First(value => 4 * numbers.Count(other => other <= value) >= n));
            figures.Q3.ShouldBe(numbers.First(value => 4 * numbers.Count(other => other <= value) >= 3 * n));
            var (first, width, bins) = (figures.From!.Value, figures.Width!.Value, figures.Bins!.Count);
            bins.ShouldBeLessThanOrEqualTo(30);
            for (var i = 0; i < bins; i++)
            {
                var (low, high) = (first + (i * width), first + ((i + 1) * width));
                figures.Bins[i].ShouldBe(numbers.Count(value => value >= low && (value < high || (i == bins - 1 && value <= high))));
            }

            (first <= min && first + (bins * width) >= max && first + ((bins - 1) * width) < max).ShouldBeTrue("the bins cover the range");
        }, iter: 15, threads: 1, print: _ => "");
    }

    [Theory]
    [InlineData("0", "100", 0, "5", "0", 20)]
    [InlineData("0", "30", 0, "1", "0", 30)]
    [InlineData("0", "31", 0, "2", "0", 16)]
    [InlineData("-7", "4", 0, "1", "-7", 11)]
    [InlineData("-3", "58", 0, "5", "-5", 13)]
    [InlineData("0", "1", 2, "0.05", "0", 20)]
    [InlineData("0", "0.03", 2, "0.01", "0", 3)]
    [InlineData("-1000000000", "1000000000", 6, "100000000", "-1000000000", 20)]
    public void Bins_have_round_widths(string min, string max, int decimals, string width, string from, int bins)
    {
        static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var range = new NumericSettings(Number(min), Number(max), decimals);
        (range.BinWidth, range.BinsFrom, range.Bins).ShouldBe((Number(width), Number(from), bins));
    }

    [Fact]
    public async Task Without_numbers_only_their_number_is_told()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync(TestApi.Draft(options: 0, kind: PollKind.Numeric, settings: PollSettings.Of(new NumericSettings(0, 10))));
        var truth = (await core.Reader.LoadAsync(poll.RoomId, default)).ShouldNotBeNull();
        JsonSerializer.Serialize(truth.Tallies[poll.Id].Numbers, Json.Options).ShouldBe("""{"n":0}""");
        JsonSerializer.Serialize((await core.Reader.ReadTallyAsync(poll, default))!.Tally.Numbers, Json.Options).ShouldBe("""{"n":0}""");
    }

    private static PollDraft Cloud(string settings = "{}") => TestApi.Draft(
        options: 0, kind: PollKind.WordCloud,
        settings: new PollSettings { OfKind = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(settings)! });
}

/// <summary>What the tests of entries do.</summary>
file static class EntrySteps
{
    public static Task<Outcome<VoteReceipt>> SayAsync(this TestCore core, PollSnapshot poll, Guid voter, int revision, params string[] words) =>
        core.Box.CastAsync(new Voter(poll.RoomId, voter), poll.Id, new Answer { Texts = words }, revision, null, default);

    public static async Task<EntryHead> HeadAsync(this TestCore core, PollSnapshot poll) =>
        (await core.Reader.ReadTallyAsync(poll, default)).ShouldNotBeNull().Tally.Head.ShouldNotBeNull();

    public static Task<Outcome<EntriesChanged>> HideAsync(this TestCore core, PollSnapshot poll, params int[] entries) =>
        core.EntryCommands.ShowAsync(poll.RoomId, poll.Id, entries, false, default);

    public static Task<Outcome<EntriesChanged>> MergeAsync(this TestCore core, PollSnapshot poll, int n, int into) =>
        core.EntryCommands.MergeAsync(poll.RoomId, poll.Id, n, into, default);

    public static Task<Outcome<EntriesChanged>> SplitAsync(this TestCore core, PollSnapshot poll, int n) =>
        core.EntryCommands.SplitAsync(poll.RoomId, poll.Id, n, default);
}
