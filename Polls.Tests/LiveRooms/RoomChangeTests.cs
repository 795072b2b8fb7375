using Polls.Api.LiveRooms;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.LiveRooms;

[Collection(nameof(SharedPostgres))]
public sealed class RoomChangeTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Participants_get_the_whole_state_when_a_reset_and_the_next_opening_are_seen_together()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        var before = await core.RoomAsync(poll.RoomId);
        await core.ResetAsync(poll);
        await core.OpenAsync(poll);
        var after = await core.RoomAsync(poll.RoomId);
        after.Polls.Single().State.ShouldBe(PollState.Open);

        RoomChange.Between(before, after).LostBy.ShouldBe([Role.Participant]);
        RoomChange.Between(after, after).LostBy.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everybody_gets_the_whole_state_of_another_epoch_of_the_store()
    {
        await using var core = postgres.Core();
        var poll = await core.OpenAsync();
        var restored = await core.RoomAsync(poll.RoomId);
        await core.CloseAsync(poll);
        var before = await core.RoomAsync(poll.RoomId);

        var change = RoomChange.Between(before, restored, replaces: true);
        change.LostBy.ShouldBe(Enum.GetValues<Role>(), ignoreOrder: true);
        change.Changed.ShouldBe(restored.Polls);
        RoomChange.Between(before, restored).Changed.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_edition_rises_with_a_reset_and_with_every_change_of_shape_or_settings_but_not_of_words()
    {
        await using var core = postgres.Core();
        var poll = await core.DraftAsync(TestApi.Draft(options: 3));
        async Task<int> EditAsync(PollDraft draft)
        {
            (await core.Polls.EditAsync(poll.RoomId, poll.Id, draft, default)).ShouldSucceed();
            return (await core.PollAsync(poll.Id)).Edition;
        }

        poll.Edition.ShouldBe(1);
        (await EditAsync(TestApi.Draft("Other words?", options: 3))).ShouldBe(1);
        (await EditAsync(TestApi.Draft(options: 4))).ShouldBe(2);
        (await EditAsync(TestApi.Draft(options: 4, kind: PollKind.MultipleChoice))).ShouldBe(3);
        (await EditAsync(TestApi.Draft(options: 4, kind: PollKind.MultipleChoice, settings: PollSettings.Of(new ChoiceSettings(2))))).ShouldBe(4);
        (await EditAsync(TestApi.Draft(options: 4, settings: new PollSettings { AllowChange = false }))).ShouldBe(5);
        await core.OpenAsync(poll);
        await core.ResetAsync(poll);
        (await core.PollAsync(poll.Id)).Edition.ShouldBe(6);
    }
}
