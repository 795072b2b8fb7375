using System.Text.Json;
using Polls.Api.Http;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Prove.Kinds;
using Polls.Tests.Clients;
using Polls.Tests.Kinds;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>Discarded votes leave every tally by the exact difference, and come back as they were.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class DiscardsTests(SharedPostgres postgres)
{
    private static readonly Cohort Absent = new(NeverConnected: true);

    [Theory]
    [InlineData(PollKind.SingleChoice)]
    [InlineData(PollKind.MultipleChoice)]
    [InlineData(PollKind.Rating)]
    [InlineData(PollKind.Scales)]
    [InlineData(PollKind.Ranking)]
    [InlineData(PollKind.Points)]
    [InlineData(PollKind.Motion)]
    [InlineData(PollKind.WordCloud)]
    [InlineData(PollKind.Numeric)]
    public async Task Without_the_discarded_a_tally_is_that_of_the_others_and_restored_it_is_as_before(PollKind kind)
    {
        await using var core = postgres.Core();
        var model = Models.Of(kind);
        var (poll, twin) = (await core.OpenAsync(DraftOf(kind, model)), await core.OpenAsync(DraftOf(kind, model)));
        var random = new Random(7);
        var (stuffing, honest) = (await PeopleAsync(core, poll.RoomId, 15), await PeopleAsync(core, poll.RoomId, 15));
        await core.Attendance.ConnectedAsync(honest, default);
        foreach (var person in honest.Concat(stuffing))
        {
            var ballot = Draw(poll, model, random);
            await CastAsync(core, poll, person, 1, ballot);
            if (honest.Contains(person))
            {
                await CastAsync(core, twin, person, 1, ballot);
            }
        }

        if (kind == PollKind.WordCloud)
        {
            // Also where votes count for a merged word once.
            foreach (var both in new[] { poll, twin })
            {
                var words = await core.EntriesAsync(both.Id);
                var (one, other) = (words.Single(word => word.Key == model.Keys[0]), words.Single(word => word.Key == model.Keys[1]));
                (await core.EntryCommands.MergeAsync(both.RoomId, both.Id, one.N, other.N, default)).ShouldSucceed();
            }
        }

        var before = await StoredAsync(core, poll);
        var discard = (await core.Discards.DiscardAsync(poll.RoomId, Absent, default)).ShouldSucceed();
        (discard.People, discard.Votes).ShouldBe((15, 15));
        var without = await StoredAsync(core, poll);
        without.Version.ShouldBe(before.Version + 1);
        (without.Voters, without.Discarded).ShouldBe((15, 15));
        without.Counts.ShouldBe((await StoredAsync(core, twin)).Counts);
        (await CountsAsync(core, poll)).ShouldBe(await CountsAsync(core, twin), ignoreOrder: true);
        (await CastAsync(core, poll, stuffing[0], 9, Draw(poll, model, random))).Outcome.ShouldBe(VoteOutcome.Discarded);
        (await CastAsync(core, poll, stuffing[0], 9, Ballot.Empty)).Outcome.ShouldBe(VoteOutcome.Discarded);
        (await TallyAsync(core, poll)).Discarded.ShouldBe(15);

        // The others go on meanwhile.
        await CastAsync(core, poll, honest[0], 2, Ballot.Empty);
        var restored = (await core.Discards.RestoreAsync(poll.RoomId, discard.Id, default)).ShouldSucceed();
        restored.RestoredAt.ShouldNotBeNull();
        (await StoredAsync(core, poll)).Voters.ShouldBe(29);
        await CastAsync(core, poll, honest[0], 3, Draw(poll, model, new Random(7)));
        var after = await StoredAsync(core, poll);
        (after.Voters, after.Discarded).ShouldBe((30, 0));
        after.Counts.ShouldBe(before.Counts);
        after.Entries.ShouldBe(before.Entries, ignoreOrder: true);
        (await TallyAsync(core, poll)).Discarded.ShouldBe(0);
        var again = (await core.Discards.RestoreAsync(poll.RoomId, discard.Id, default)).ShouldSucceed();
        again.RestoredAt.ShouldBe(restored.RestoredAt);
        (await StoredAsync(core, poll)).Version.ShouldBe(after.Version);
        (await core.Audit.ReadAsync(poll.RoomId, default)).Select(row => row.What).Where(what => what.EndsWith("Votes", StringComparison.Ordinal))
            .ShouldBe(["discardVotes", "restoreVotes"]);
    }

    [Theory]
    [InlineData(PollKind.SingleChoice)]
    [InlineData(PollKind.WordCloud)]
    [InlineData(PollKind.Numeric)]
    public async Task While_everybody_votes_each_receipt_is_counted_or_discarded(PollKind kind)
    {
        await using var first = postgres.Core();
        await using var second = postgres.Core();
        TestCore[] cores = [first, second];
        var model = Models.Of(kind);
        var poll = await first.OpenAsync(DraftOf(kind, model));
        var (stuffing, honest) = (await PeopleAsync(first, poll.RoomId, 20), await PeopleAsync(first, poll.RoomId, 20));
        await first.Attendance.ConnectedAsync(honest, default);
        var voting = Task.WhenAll(honest.Concat(stuffing).Select((person, i) => Task.Run(async () =>
        {
            var (random, last) = (new Random(i), -1);
            for (var revision = 0; revision < 40; revision++)
            {
                var result = await CastAsync(cores[revision % 2], poll, person, revision, Draw(poll, model, random));
                last = result.Outcome == VoteOutcome.Accepted ? revision : last;
                result.Outcome.ShouldBeOneOf(VoteOutcome.Accepted, stuffing.Contains(person) ? VoteOutcome.Discarded : VoteOutcome.Accepted);
            }

            return (Person: person, Last: last);
        })));
        Discard discard;
        for (var round = 0; ; round++)
        {
            discard = (await cores[round % 2].Discards.DiscardAsync(poll.RoomId, Absent, default)).ShouldSucceed();
            (await first.VotesAsync(poll.Id)).Keys.Intersect(stuffing).ShouldBeEmpty();
            (await first.AuditAsync(poll.Id)).ShouldBeExact();
            if (round == 5)
            {
                break;
            }

            (await cores[round % 2].Discards.RestoreAsync(poll.RoomId, discard.Id, default)).ShouldSucceed();
            (await first.AuditAsync(poll.Id)).ShouldBeExact();
        }

        var last = (await voting).ToDictionary(item => item.Person, item => item.Last);
        (await first.VotesAsync(poll.Id)).ToDictionary(item => item.Key, item => item.Value.Revision)
            .ShouldBe(honest.ToDictionary(person => person, person => last[person]), ignoreOrder: true);
        (await first.Discards.RestoreAsync(poll.RoomId, discard.Id, default)).ShouldSucceed();
        (await first.VotesAsync(poll.Id)).ToDictionary(item => item.Key, item => item.Value.Revision)
            .ShouldBe(last.Where(item => item.Value >= 0).ToDictionary(), ignoreOrder: true);
        (await first.AuditAsync(poll.Id)).ShouldBeExact();
        await first.EntriesAsync(poll.Id);
        (await first.ReadAsync<int>("SELECT discarded FROM tallies WHERE poll_id = $1", poll.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task A_poll_that_was_opened_while_votes_were_discarded_counts_none_of_them()
    {
        await using var core = postgres.Core();
        var room = await core.RoomAsync();
        var people = await PeopleAsync(core, room.Id, 3);
        Task<Outcome<Discard>> discarding;
        PollSnapshot poll;
        await using (await core.HoldAsync("LOCK TABLE discarded_participants IN SHARE MODE"))
        {
            discarding = core.Discards.DiscardAsync(room.Id, Absent, default);
            await core.UntilWaitingAsync(1);
            poll = await core.OpenAsync(room: room.Id);
            (await core.CastAsync(poll, people[0], 1, 0)).Outcome.ShouldBe(VoteOutcome.Accepted);
        }

        (await discarding).ShouldSucceed().Votes.ShouldBe(1);
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0);
        (await core.CastAsync(poll, people[1], 1, 0)).Outcome.ShouldBe(VoteOutcome.Discarded);
    }

    [Fact]
    public async Task Of_two_discards_at_the_same_moment_one_finds_nobody()
    {
        await using var core = postgres.Core();
        // Without polls nothing makes one wait for the other.
        var room = await core.RoomAsync();
        await PeopleAsync(core, room.Id, 3);
        Task<Outcome<Discard>[]> discarding;
        await using (await core.HoldAsync("LOCK TABLE discarded_participants IN SHARE MODE"))
        {
            discarding = Task.WhenAll(core.Discards.DiscardAsync(room.Id, Absent, default), core.Discards.DiscardAsync(room.Id, Absent, default));
            await core.UntilWaitingAsync(2);
        }

        var outcomes = await discarding;
        outcomes.Where(outcome => outcome.Refusal is null).ShouldHaveSingleItem().ShouldSucceed().People.ShouldBe(3);
        outcomes.Select(outcome => outcome.Refusal).ShouldContain(Refusals.DiscardNobody);
    }

    [Fact]
    public async Task A_cohort_is_told_by_when_people_joined()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        var (early, late) = (await PeopleAsync(core, poll.RoomId, 2), await PeopleAsync(core, poll.RoomId, 3));
        await core.Attendance.ConnectedAsync([.. early, .. late], default);
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.FromHours(2));
        await JoinedAtAsync(core, early, noon.AddSeconds(-1));
        await JoinedAtAsync(core, late, noon);
        (await DiscardAsync(Absent)).Refusal.ShouldBe(Refusals.DiscardNobody);
        (await DiscardAsync(new Cohort(noon.AddMinutes(1)))).Refusal.ShouldBe(Refusals.DiscardNobody);
        (await DiscardAsync(new Cohort())).Refusal.ShouldBe(Refusals.DiscardBadCohort);
        (await DiscardAsync(new Cohort(noon, noon))).Refusal.ShouldBe(Refusals.DiscardBadCohort);
        (await DiscardAsync(new Cohort(noon, noon.AddSeconds(1)))).ShouldSucceed().People.ShouldBe(3);
        (await DiscardAsync(new Cohort(JoinedUntil: noon))).ShouldSucceed().People.ShouldBe(2);
        (await DiscardAsync(new Cohort(JoinedUntil: noon))).Refusal.ShouldBe(Refusals.DiscardNobody);
        var joins = (await core.Attendance.ReadAsync(poll.RoomId, default)).ShouldNotBeNull();
        joins.Joined.ShouldBe(0);
        joins.Discards.Select(discard => (discard.People, discard.JoinedFrom, discard.JoinedUntil)).ShouldBe(
            [(2, null, noon), (3, noon, noon.AddSeconds(1))]);

        Task<Outcome<Discard>> DiscardAsync(Cohort cohort) => core.Discards.DiscardAsync(poll.RoomId, cohort, default);
    }

    [Fact]
    public async Task Where_it_would_tell_who_voted_what_or_nothing_is_there_it_is_refused()
    {
        await using var core = postgres.Core();
        var seats = (await core.Rooms.CreateAsync("Seats", [], new RoomSettings(Assurance.SeatCode), default)).ShouldSucceed();
        (await core.Discards.DiscardAsync(seats.Id, Absent, default)).Refusal.ShouldBe(Refusals.DiscardNotAllowed);
        var secret = (await core.Rooms.CreateAsync("Secret", [], new RoomSettings(Anonymous: true), default)).ShouldSucceed();
        await PeopleAsync(core, secret.Id, 1);
        (await core.Discards.DiscardAsync(secret.Id, new Cohort(JoinedUntil: DateTimeOffset.UtcNow), default)).Refusal.ShouldBe(Refusals.DiscardNotAllowed);
        var discard = (await core.Discards.DiscardAsync(secret.Id, Absent, default)).ShouldSucceed();
        var other = await core.RoomAsync();
        (await core.Discards.RestoreAsync(other.Id, discard.Id, default)).Refusal.ShouldBe(Refusals.DiscardNotFound);
        (await core.Rooms.EndAsync(secret.Id, default)).ShouldSucceed();
        (await core.Discards.RestoreAsync(secret.Id, discard.Id, default)).Refusal.ShouldBe(Refusals.RoomEnded);
        await PeopleAsync(core, other.Id, 1);
        (await core.Rooms.EndAsync(other.Id, default)).ShouldSucceed();
        (await core.Discards.DiscardAsync(other.Id, Absent, default)).Refusal.ShouldBe(Refusals.RoomEnded);
        (await core.ReadAsync<long>("SELECT count(*) FROM discards WHERE room_id = $1", other.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_reset_has_deleted_does_not_come_back()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        var people = await PeopleAsync(core, poll.RoomId, 2);
        await core.CastAsync(poll, people[0], 1, 0);
        var discard = (await core.Discards.DiscardAsync(poll.RoomId, Absent, default)).ShouldSucceed();
        await core.ResetAsync(poll);
        (await core.ReadAsync<int>("SELECT discarded FROM tallies WHERE poll_id = $1", poll.Id)).ShouldBe(0);
        await core.OpenAsync(poll);
        poll = await core.PollAsync(poll.Id);
        (await core.Discards.RestoreAsync(poll.RoomId, discard.Id, default)).ShouldSucceed();
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0);
        (await core.CastAsync(poll, people[0], 1, 1)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 1, 0);
    }

    [Fact]
    public async Task The_discarded_take_no_place_and_are_not_entitled_to_vote()
    {
        await using var core = postgres.Core(rooms: new RoomOptions { MaxParticipants = 4 });
        var model = Models.Of(PollKind.Motion);
        var motion = await core.DraftAsync(DraftOf(PollKind.Motion, model));
        await PeopleAsync(core, motion.RoomId, 3);
        var honest = await PeopleAsync(core, motion.RoomId, 1);
        await core.Attendance.ConnectedAsync(honest, default);
        (await core.Discards.DiscardAsync(motion.RoomId, Absent, default)).ShouldSucceed();
        await core.OpenAsync(motion);
        (await core.PollAsync(motion.Id)).Entitled.ShouldBe(1);
        await Servers.Until.TrueAsync(
            async () => (await core.Rooms.JoinAsync(motion.RoomId, null, default)).Refusal is null, "there is a place");
    }

    [Fact]
    public async Task Voters_who_never_connected_are_told_to_the_host_and_many_of_them_are_a_warning()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        var absent = await PeopleAsync(core, poll.RoomId, Attendance.LeastSuspicious);
        var honest = await PeopleAsync(core, poll.RoomId, 10);
        await core.Attendance.ConnectedAsync(honest, default);
        await JoinedAtAsync(core, absent, new DateTimeOffset(2026, 1, 1, 12, 0, 30, TimeSpan.Zero));
        await JoinedAtAsync(core, honest, new DateTimeOffset(2026, 1, 1, 12, 1, 30, TimeSpan.Zero));
        (await core.Rooms.JoinAsync(poll.RoomId, null, default)).ShouldSucceed();
        foreach (var person in absent.Skip(1).Concat(honest))
        {
            await core.CastAsync(poll, person, 1, 0);
        }

        var joins = (await core.Attendance.ReadAsync(poll.RoomId, default)).ShouldNotBeNull();
        (joins.Joined, joins.NeverConnected, joins.VotersNeverConnected, joins.Warning).ShouldBe((31, 20, 19, false));
        joins.Minutes.Skip(1).ShouldBe(
        [
            new JoinMinute(new(2026, 1, 1, 12, 1, 0, TimeSpan.Zero), 10, 0, 0), new JoinMinute(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero), 20, 20, 19),
        ]);
        // Whoever joined just now may be about to connect.
        joins.Minutes[0].NeverConnected.ShouldBe(0);
        await core.CastAsync(poll, absent[0], 1, 0);
        (await core.Attendance.ReadAsync(poll.RoomId, default)).ShouldNotBeNull().Warning.ShouldBeTrue();
        await core.CastAsync(poll, absent[0], 2);
        (await core.Attendance.ReadAsync(poll.RoomId, default)).ShouldNotBeNull().Warning.ShouldBeFalse("a withdrawn vote is none");
        (await core.Attendance.ReadAsync(Guid.NewGuid(), default)).ShouldBeNull();
    }

    /// <summary>People who joined a while ago.</summary>
    private static async Task<Guid[]> PeopleAsync(TestCore core, Guid room, int count)
    {
        var people = new Guid[count];
        for (var i = 0; i < count; i++)
        {
            people[i] = (await core.Rooms.JoinAsync(room, null, default)).ShouldSucceed();
        }

        await JoinedAtAsync(core, people, DateTimeOffset.UtcNow - (2 * Attendance.Settled));
        return people;
    }

    private static Task<int> JoinedAtAsync(TestCore core, Guid[] people, DateTimeOffset at) =>
        core.RunAsync("UPDATE participants SET joined_at = $2 WHERE id = ANY ($1)", people, at.ToUniversalTime());

    private static PollDraft DraftOf(PollKind kind, KindModel model) => TestApi.Draft(options: model.Options, kind: kind, settings: new PollSettings
    {
        OfKind = model.Settings.ToDictionary(setting => setting.Key, setting => JsonSerializer.SerializeToElement(setting.Value)),
    });

    private static Ballot Draw(PollSnapshot poll, KindModel model, Random random) => PollKinds.Get(poll.Kind)
        .Read(poll.Shape, JsonSerializer.SerializeToElement(model.Draw(random).ToBody(0)).Deserialize<Core.Kinds.Answer>(Json.Options)!).ShouldNotBeNull();

    private static Task<VoteResult> CastAsync(TestCore core, PollSnapshot poll, Guid voter, int revision, Ballot ballot) =>
        core.Queue.CastAsync(TestCore.Vote(poll, voter, revision, ballot), default);

    /// <summary>The stored tally and entries, which equal a recount.</summary>
    private static async Task<Stored> StoredAsync(TestCore core, PollSnapshot poll)
    {
        var audit = (await core.AuditAsync(poll.Id)).ShouldBeExact();
        return new Stored(
            audit.Version, audit.Voters, audit.Counts, await core.ReadAsync<int>("SELECT discarded FROM tallies WHERE poll_id = $1", poll.Id),
            await CountsAsync(core, poll));
    }

    /// <summary>The tally as screens get it.</summary>
    private static async Task<Tally> TallyAsync(TestCore core, PollSnapshot poll) =>
        (await core.Reader.LoadAsync(poll.RoomId, default)).ShouldNotBeNull().Tallies[poll.Id];

    private static async Task<(string Key, int Count)[]> CountsAsync(TestCore core, PollSnapshot poll) =>
        [.. (await core.EntriesAsync(poll.Id)).Where(entry => entry.Count > 0).Select(entry => (entry.Key, entry.Count))];

    private sealed record Stored(long Version, int Voters, int[] Counts, int Discarded, (string Key, int Count)[] Entries);
}
