using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.RoomPolls;

[Collection(nameof(SharedPostgres))]
public sealed class PollCommandsTests(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly TestCore core = postgres.Core();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await core.DisposeAsync();

    [Fact]
    public async Task Each_command_changes_the_poll_once_and_announces_it_once()
    {
        var poll = await core.DraftAsync();
        await OnceAsync(poll, () => core.Polls.OpenAsync(poll.RoomId, poll.Id, 600, default));
        await OnceAsync(poll, () => core.Polls.ShowResultsAsync(poll.RoomId, poll.Id, true, default));
        await OnceAsync(poll, () => core.Polls.ShowResultsAsync(poll.RoomId, poll.Id, false, default));
        await OnceAsync(poll, () => core.Polls.CloseAsync(poll.RoomId, poll.Id, default));
        await OnceAsync(poll, () => core.Polls.OpenAsync(poll.RoomId, poll.Id, null, default));
        await core.RunAsync("UPDATE polls SET closes_at = clock_timestamp() WHERE id = $1", poll.Id);
        await OnceAsync(poll, () => core.Polls.CloseDueAsync(poll.RoomId, poll.Id, default));
        await OnceAsync(poll, () => core.Polls.ResetAsync(poll.RoomId, poll.Id, default));
        (await core.PollAsync(poll.Id)).State.ShouldBe(PollState.Draft);
        (await core.Polls.DeleteAsync(poll.RoomId, poll.Id, default)).ShouldSucceed();
        (await core.Polls.DeleteAsync(poll.RoomId, poll.Id, default)).ShouldBeRefused("poll.notFound");
        (await core.Reader.FindPollAsync(poll.Id, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Every_change_by_a_host_counts_as_presence_and_a_timer_does_not()
    {
        var room = await core.RoomAsync();
        var poll = await core.DraftAsync(room: room.Id);
        var other = await core.DraftAsync(room: room.Id);
        await SeesTheHostAsync(async () => (await core.Polls.WriteAsync(room.Id, TestApi.Draft(), default)).ShouldSucceed());
        await SeesTheHostAsync(async () => (await EditAsync(poll)).ShouldSucceed());
        await SeesTheHostAsync(() => core.OpenAsync(poll));
        await SeesTheHostAsync(async () => (await core.Polls.ShowResultsAsync(room.Id, poll.Id, false, default)).ShouldSucceed());
        await SeesTheHostAsync(() => core.CloseAsync(poll));
        await SeesTheHostAsync(() => core.ResetAsync(poll));
        await SeesTheHostAsync(async () => (await core.Polls.DeleteAsync(room.Id, other.Id, default)).ShouldSucceed());
        await SeesTheHostAsync(async () => (await core.Polls.OrderAsync(
            room.Id, [.. (await core.RoomAsync(room.Id)).Polls.Select(written => written.Id).Reverse()], default)).ShouldSucceed());

        await core.OpenAsync(poll, 600);
        await core.RunAsync("UPDATE polls SET closes_at = clock_timestamp() WHERE id = $1", poll.Id);
        (await IsSeenAsync(async () => (await core.Polls.CloseDueAsync(room.Id, poll.Id, default)).ShouldSucceed())).ShouldBeFalse();
        (await core.PollAsync(poll.Id)).State.ShouldBe(PollState.Closed);

        async Task SeesTheHostAsync(Func<Task> command) => (await IsSeenAsync(command)).ShouldBeTrue();

        async Task<bool> IsSeenAsync(Func<Task> command)
        {
            await core.RunAsync("UPDATE rooms SET host_seen_at = now() - interval '2 hours' WHERE id = $1", room.Id);
            await command();
            return await core.ReadAsync<bool>("SELECT host_seen_at > now() - interval '1 hour' FROM rooms WHERE id = $1", room.Id);
        }
    }

    [Fact]
    public async Task Opening_an_open_poll_again_leaves_its_timer_alone()
    {
        var poll = await core.DraftAsync(TestApi.Draft(settings: new PollSettings { DurationSeconds = 300 }));
        await core.OpenAsync(poll);
        var opened = await core.PollAsync(poll.Id);
        (opened.ClosesAt - opened.OpenedAt).ShouldBe(TimeSpan.FromSeconds(300));
        await core.OpenAsync(poll, seconds: 7);
        (await core.PollAsync(poll.Id)).ClosesAt.ShouldBe(opened.ClosesAt);
        await core.CloseAsync(poll);
        await core.OpenAsync(poll, seconds: 7);
        var reopened = await core.PollAsync(poll.Id);
        (reopened.ClosesAt - reopened.OpenedAt).ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_poll_is_not_closed_before_it_is_due()
    {
        var poll = await core.DraftAsync();
        await core.OpenAsync(poll, 600);
        (await core.Polls.CloseDueAsync(poll.RoomId, poll.Id, default)).ShouldSucceed();
        var untimed = await core.OpenAsync();
        (await core.Polls.CloseDueAsync(untimed.RoomId, untimed.Id, default)).ShouldSucceed();
        (await core.PollAsync(poll.Id)).State.ShouldBe(PollState.Open);
        (await core.PollAsync(untimed.Id)).State.ShouldBe(PollState.Open);
    }

    [Fact]
    public async Task A_reopened_poll_keeps_its_votes_and_accepts_more()
    {
        var poll = await core.OpenAsync();
        await core.CastAsync(poll, Guid.NewGuid(), 0, 0);
        await core.CloseAsync(poll);
        await core.OpenAsync(poll);
        (await core.CastAsync(poll, Guid.NewGuid(), 0, 1)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(2, 1, 1, 0);
    }

    [Fact]
    public async Task A_reset_deletes_the_votes_and_the_visibility_override_but_no_version()
    {
        var poll = await core.OpenAsync();
        var voter = Guid.NewGuid();
        await core.CastAsync(poll, voter, 3, 0);
        await core.CastAsync(poll, Guid.NewGuid(), 0, 1);
        (await core.Polls.ShowResultsAsync(poll.RoomId, poll.Id, true, default)).ShouldSucceed();
        var before = await core.AuditAsync(poll.Id);
        await core.ResetAsync(poll);
        var after = await core.AuditAsync(poll.Id);
        after.ShouldBe(0, 0, 0, 0);
        after.Version.ShouldBe(before.Version + 1);
        var draft = await core.PollAsync(poll.Id);
        (draft.State, draft.ResultsShown, draft.OpenedAt, draft.ClosesAt).ShouldBe((PollState.Draft, null, null, null));

        draft.Edition.ShouldBe(poll.Edition + 1, "queued votes are checked again");

        await core.OpenAsync(poll);
        (await core.CastAsync(poll, voter, 4, 1)).Outcome.ShouldBe(VoteOutcome.PollEdited);
        (await core.CastAsync(draft, voter, 1, 2)).Outcome.ShouldBe(VoteOutcome.Accepted);
        (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 0, 1);
    }

    [Fact]
    public async Task Only_a_draft_is_edited_or_deleted_but_words_are_corrected_at_any_time()
    {
        var poll = await core.DraftAsync(TestApi.Draft(options: 2));
        (await EditAsync(poll)).ShouldSucceed();
        var edited = await core.PollAsync(poll.Id);
        (edited.Question, edited.Options.Count, edited.Kind, edited.Edition, edited.Version)
            .ShouldBe(("Edited?", 4, PollKind.MultipleChoice, poll.Edition + 1, poll.Version + 1));
        (await core.AuditAsync(poll.Id)).ShouldBe(0, 0, 0, 0, 0);
        await core.OpenAsync(poll);
        await core.CastAsync(edited, Guid.NewGuid(), 0, 3);
        foreach (var words in (string[])["Corrected?", "Corrected again?"])
        {
            var before = await core.PollAsync(poll.Id);
            foreach (var other in (PollDraft[])[TestApi.Draft(words, options: 4), TestApi.Draft(words, options: 3, kind: PollKind.MultipleChoice)])
            {
                (await core.Polls.EditAsync(poll.RoomId, poll.Id, other, default)).ShouldBeRefused("poll.notDraft");
            }

            (await core.Polls.DeleteAsync(poll.RoomId, poll.Id, default)).ShouldBeRefused("poll.notDraft");
            (await core.PollAsync(poll.Id)).Version.ShouldBe(before.Version);
            (await core.Polls.EditAsync(
                poll.RoomId, poll.Id, TestApi.Draft(words, options: 4, kind: PollKind.MultipleChoice), default)).ShouldSucceed();
            var corrected = await core.PollAsync(poll.Id);
            (corrected.Question, corrected.Edition, corrected.Version, corrected.State)
                .ShouldBe((words, edited.Edition, before.Version + 1, before.State));
            (await core.AuditAsync(poll.Id)).ShouldBe(1, 0, 0, 0, 1);
            await core.CloseAsync(poll);
        }
    }

    [Fact]
    public async Task Options_that_change_places_and_another_unit_are_no_corrected_words()
    {
        var draft = TestApi.Draft(options: 3);
        var choice = await core.OpenAsync(draft);
        (await EditAsync(choice, draft with { Options = ["Option 1", "Option 3", "Option 2"] })).ShouldBeRefused("poll.notDraft");
        (await EditAsync(choice, draft with { Options = ["Option 1", "Option 3", "Option 4"] })).ShouldBeRefused("poll.notDraft");
        (await EditAsync(choice, draft with { Options = ["Option 1", "The second", "Option 3"] })).ShouldSucceed();

        PollDraft Distance(string unit) => TestApi.Draft(options: 0, kind: PollKind.Numeric, settings: PollSettings.Of(new NumericSettings(0, 10, 1, unit)));
        var number = await core.OpenAsync(Distance("km"));
        (await EditAsync(number, Distance("miles"))).ShouldBeRefused("poll.notDraft");

        Task<Outcome<Guid>> EditAsync(PollSnapshot poll, PollDraft corrected) => core.Polls.EditAsync(poll.RoomId, poll.Id, corrected, default);
    }

    [Fact]
    public async Task A_command_for_another_version_of_the_poll_is_refused_and_changes_nothing()
    {
        var poll = await core.DraftAsync();
        var (room, seen) = (poll.RoomId, new PollVersions([poll.Version]));
        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft("Theirs?"), seen, default)).ShouldSucceed();
        var theirs = await core.PollAsync(poll.Id);
        theirs.Version.ShouldBe(poll.Version + 1);

        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft("Mine?"), seen, default)).ShouldBeRefused("poll.changed");
        (await core.Polls.DeleteAsync(room, poll.Id, seen, default)).ShouldBeRefused("poll.changed");
        (await core.Polls.OpenAsync(room, poll.Id, null, seen, default)).ShouldBeRefused("poll.changed");
        (await core.PollAsync(poll.Id)).Version.ShouldBe(theirs.Version);

        // A retry after a lost answer finds its own change, which is no reason to refuse it.
        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft("Theirs?"), seen, default)).ShouldSucceed();
        (await core.Polls.OpenAsync(room, poll.Id, null, new([theirs.Version]), default)).ShouldSucceed();
        (await core.Polls.OpenAsync(room, poll.Id, null, new([theirs.Version]), default)).ShouldSucceed();
        (await core.Polls.ResetAsync(room, poll.Id, new([theirs.Version]), default)).ShouldBeRefused("poll.changed");
        (await core.PollAsync(poll.Id)).State.ShouldBe(PollState.Open);
        var open = new PollVersions([1, theirs.Version + 1]);
        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft("Mine?", options: 4), seen, default)).ShouldBeRefused("poll.notDraft");
        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft("Mine?"), seen, default)).ShouldBeRefused("poll.changed");
        (await core.Polls.ResetAsync(room, poll.Id, open, default)).ShouldSucceed();
        (await core.Polls.ResetAsync(room, poll.Id, open, default)).ShouldSucceed();
        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft("Mine?"), default)).ShouldSucceed();
        (await core.PollAsync(poll.Id)).Question.ShouldBe("Mine?");
    }

    [Fact]
    public async Task Of_two_hosts_that_save_one_version_at_the_same_moment_one_wins()
    {
        await using var other = postgres.Core();
        var poll = await core.DraftAsync();
        for (var round = 0; round < 50; round++)
        {
            var seen = new PollVersions([(await core.PollAsync(poll.Id)).Version]);
            var answers = await Task.WhenAll(new[] { core, other, core, other }.Select((host, i) => Task.Run(
                () => host.Polls.EditAsync(poll.RoomId, poll.Id, TestApi.Draft($"Round {round}, host {i}?"), seen, default))));
            answers.Count(answer => answer.Refusal is null).ShouldBe(1);
            answers.Where(answer => answer.Refusal is not null).ShouldAllBe(answer => answer.Refusal!.Code == "poll.changed");
            var winner = Array.FindIndex(answers, answer => answer.Refusal is null);
            (await core.PollAsync(poll.Id)).Question.ShouldBe($"Round {round}, host {winner}?");
        }
    }

    [Fact]
    public async Task Of_two_hosts_that_reorder_the_same_polls_one_wins()
    {
        var room = await core.RoomAsync(TestApi.Draft("A"), TestApi.Draft("B"), TestApi.Draft("C"));
        var seen = (await core.RoomAsync(room.Id)).Polls.Select(poll => poll.Id).ToList();
        Guid[] mine = [seen[1], seen[0], seen[2]], theirs = [seen[0], seen[2], seen[1]];
        (await core.Polls.OrderAsync(room.Id, mine, seen, default)).ShouldSucceed();
        (await core.Polls.OrderAsync(room.Id, mine, seen, default)).ShouldSucceed();
        (await core.Polls.OrderAsync(room.Id, theirs, seen, default)).ShouldBeRefused("poll.changed");
        (await core.RoomAsync(room.Id)).Polls.Select(poll => poll.Id).ShouldBe(mine);
        (await core.Polls.OrderAsync(room.Id, theirs, mine, default)).ShouldSucceed();
        (await core.RoomAsync(room.Id)).Polls.Select(poll => poll.Id).ShouldBe(theirs);
    }

    [Fact]
    public async Task Invalid_input_is_refused_with_the_reason_and_changes_nothing()
    {
        var poll = await core.DraftAsync();
        var (room, stranger) = (poll.RoomId, (await core.RoomAsync()).Id);
        (await core.Polls.CloseAsync(room, poll.Id, default)).ShouldBeRefused("poll.notOpen");
        (await core.Polls.OpenAsync(room, poll.Id, 0, default)).ShouldBeRefused("poll.badSettings");
        (await core.Polls.OpenAsync(room, poll.Id, 86_401, default)).ShouldBeRefused("poll.badSettings");
        (await core.Polls.EditAsync(room, poll.Id, TestApi.Draft(options: 1), default)).ShouldBeRefused("poll.badOptions");
        (await core.Polls.WriteAsync(room, TestApi.Draft(question: ""), default)).ShouldBeRefused("poll.badQuestion");
        (await core.Polls.WriteAsync(Guid.NewGuid(), TestApi.Draft(), default)).ShouldBeRefused("room.ended");
        foreach (var (where, which) in new[] { (stranger, poll.Id), (room, Guid.NewGuid()) })
        {
            foreach (var answer in await EveryCommandAsync(where, which))
            {
                answer.ShouldBeRefused("poll.notFound");
            }
        }

        (await core.PollAsync(poll.Id)).Version.ShouldBe(poll.Version);
        (await core.RoomAsync(room)).Polls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task In_an_ended_room_commands_change_nothing()
    {
        var draft = await core.DraftAsync();
        var open = await core.OpenAsync(room: draft.RoomId);
        (await core.Rooms.EndAsync(draft.RoomId, default)).ShouldSucceed();
        var ended = await core.RoomAsync(draft.RoomId);
        ended.State.ShouldBe(RoomStatus.Closed);
        (await core.Polls.WriteAsync(draft.RoomId, TestApi.Draft(), default)).ShouldBeRefused("room.ended");
        (await EditAsync(draft)).ShouldBeRefused("room.ended");
        (await core.Polls.OpenAsync(draft.RoomId, draft.Id, null, default)).ShouldBeRefused("room.ended");
        (await core.Polls.DeleteAsync(draft.RoomId, draft.Id, default)).ShouldBeRefused("room.ended");
        (await core.Polls.OpenAsync(open.RoomId, open.Id, null, default)).ShouldBeRefused("room.ended");
        (await core.Polls.ShowResultsAsync(open.RoomId, open.Id, false, default)).ShouldBeRefused("room.ended");
        (await core.Polls.ResetAsync(open.RoomId, open.Id, default)).ShouldBeRefused("room.ended");
        (await core.Polls.CloseAsync(open.RoomId, open.Id, default)).ShouldSucceed();

        var now = await core.RoomAsync(draft.RoomId);
        now.Version.ShouldBe(ended.Version);
        now.Polls.Select(poll => (poll.Id, poll.State, poll.Version)).ShouldBe(ended.Polls.Select(poll => (poll.Id, poll.State, poll.Version)));
    }

    [Fact]
    public async Task Polls_are_put_into_another_order_once_and_all_of_them_or_none()
    {
        var room = await core.RoomAsync(TestApi.Draft("A"), TestApi.Draft("B"), TestApi.Draft("C"));
        var written = (await core.RoomAsync(room.Id)).Polls;
        await core.OpenAsync(written[1]);
        Guid[] order = [written[2].Id, written[1].Id, written[0].Id];
        var heard = core.Heard.ChangesOf(room.Id);
        (await core.Polls.OrderAsync(room.Id, order, default)).ShouldSucceed();
        (await core.Polls.OrderAsync(room.Id, order, default)).ShouldSucceed();
        var ordered = await core.RoomAsync(room.Id);
        ordered.Polls.Select(poll => (poll.Question, poll.Position)).ShouldBe([("C", 0), ("B", 1), ("A", 2)]);
        ordered.Polls[1].State.ShouldBe(PollState.Open);
        (ordered.Version, core.Heard.ChangesOf(room.Id)).ShouldBe((3, heard + 1), "made, opened, ordered once");

        var stranger = await core.DraftAsync();
        foreach (var bad in new Guid[]?[] { null, [], order[..2], [.. order, order[0]], [order[0], order[0], order[1]], [order[0], order[1], stranger.Id] })
        {
            (await core.Polls.OrderAsync(room.Id, bad, default)).ShouldBeRefused("poll.badOrder");
        }

        (await core.RoomAsync(room.Id)).Version.ShouldBe(ordered.Version);
        (await core.Rooms.EndAsync(room.Id, default)).ShouldSucceed();
        (await core.Polls.OrderAsync(room.Id, [.. order.Reverse()], default)).ShouldBeRefused("room.ended");
    }

    [Fact]
    public async Task Polls_written_at_the_same_time_get_places_of_their_own_and_never_exceed_the_limit()
    {
        await using var other = postgres.Core();
        var room = await core.RoomAsync([.. Enumerable.Repeat(TestApi.Draft(), RoomRules.MaxPolls - 6)]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => (i % 2 == 0 ? core : other).Polls.WriteAsync(room.Id, TestApi.Draft($"Poll {i}"), default)));
        answers.Count(answer => answer.Refusal is null).ShouldBe(6);
        answers.Where(answer => answer.Refusal is not null).ShouldAllBe(answer => answer.Refusal!.Code == "room.tooManyPolls");
        var stored = await core.RoomAsync(room.Id);
        stored.Polls.Select(poll => poll.Position).ShouldBe(Enumerable.Range(0, RoomRules.MaxPolls));
        stored.Version.ShouldBe(1 + 6);

        (await core.Polls.DeleteAsync(room.Id, stored.Polls[10].Id, default)).ShouldSucceed();
        var last = (await core.Polls.WriteAsync(room.Id, TestApi.Draft(), default)).ShouldSucceed();
        (await core.PollAsync(last)).Position.ShouldBe(RoomRules.MaxPolls);
    }

    /// <summary>
    /// Runs the command twice: the first time it changes poll and room by one version and announces this, the second
    /// time it does nothing.
    /// </summary>
    private async Task OnceAsync(PollSnapshot poll, Func<Task<Outcome<Guid>>> command)
    {
        var before = await StandAsync(poll);
        (await command()).ShouldSucceed().ShouldBe(poll.Id);
        var changed = await StandAsync(poll);
        changed.ShouldBe((before.Poll + 1, before.Room + 1, before.Heard + 1));
        (await command()).ShouldSucceed().ShouldBe(poll.Id);
        (await StandAsync(poll)).ShouldBe(changed);
    }

    private async Task<(long Poll, long Room, int Heard)> StandAsync(PollSnapshot poll) =>
        ((await core.PollAsync(poll.Id)).Version, (await core.RoomAsync(poll.RoomId)).Version, core.Heard.ChangesOf(poll.RoomId));

    private Task<Outcome<Guid>> EditAsync(PollSnapshot poll) => core.Polls.EditAsync(
        poll.RoomId, poll.Id, TestApi.Draft("Edited?", options: 4, kind: PollKind.MultipleChoice), default);

    private async Task<IReadOnlyList<Outcome<Guid>>> EveryCommandAsync(Guid room, Guid poll) =>
    [
        await core.Polls.EditAsync(room, poll, TestApi.Draft(), default),
        await core.Polls.DeleteAsync(room, poll, default),
        await core.Polls.OpenAsync(room, poll, null, default),
        await core.Polls.CloseAsync(room, poll, default),
        await core.Polls.CloseDueAsync(room, poll, default),
        await core.Polls.ShowResultsAsync(room, poll, true, default),
        await core.Polls.ResetAsync(room, poll, default),
    ];
}
