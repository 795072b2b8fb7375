using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;
using Polls.Tests.Storage;

namespace Polls.Tests.Rooms;

/// <summary>Exports are of one moment, on a real database.</summary>
[Collection(nameof(SharedPostgres))]
public sealed class ResultsReaderTests(SharedPostgres postgres)
{
    [Fact]
    public async Task Votes_entries_and_tallies_are_of_the_moment_at_which_it_was_opened()
    {
        await using var core = postgres.Core();
        var choice = await core.OpenAsync();
        var words = await core.OpenAsync(TestApi.Draft(options: 0, kind: PollKind.WordCloud), choice.RoomId);
        await core.CastAsync(choice, Guid.NewGuid(), 0, 1);
        await SayAsync(core, words, "one");

        await using var moment = (await core.Results.OpenAsync(choice.RoomId, default)).ShouldNotBeNull();
        await core.CastAsync(choice, Guid.NewGuid(), 0, 2);
        await SayAsync(core, words, "two");
        await core.CloseAsync(choice);

        moment.Truth.Room.Polls.ShouldAllBe(poll => poll.State == PollState.Open);
        moment.Truth.Tallies[choice.Id].Counts.ShouldBe([0, 1, 0]);
        moment.Truth.Tallies[words.Id].Head!.Total.ShouldBe(1);
        (await moment.VotesAsync(choice, default).ToListAsync()).ShouldHaveSingleItem().Vote.Marks.ShouldBe([(short)1]);
        (await moment.EntriesAsync(words, default)).ShouldHaveSingleItem().Text.ShouldBe("one");
        (await moment.EntriesAsync(choice, default)).ShouldBeEmpty();
        (await moment.AuditAsync(default)).ShouldNotContain(row => row.What == "closePoll");
    }

    [Fact]
    public async Task Of_a_room_that_does_not_exist_there_is_nothing()
    {
        await using var core = postgres.Core();
        (await core.Results.OpenAsync(Guid.NewGuid(), default)).ShouldBeNull();
    }

    private static Task<VoteResult> SayAsync(TestCore core, PollSnapshot poll, string word) => core.Queue.CastAsync(
        TestCore.Vote(poll, Guid.NewGuid(), 0, PollKinds.Get(poll.Kind).Read(poll.Shape, new Answer { Texts = [word] })!), default);
}
