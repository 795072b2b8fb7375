using Polls.Api.LiveRooms;

namespace Polls.Tests.LiveRooms;

public class OwnVoteReadsTests
{
    [Fact]
    public void A_read_is_outdated_by_a_vote_of_the_same_participant_only_and_only_while_it_runs()
    {
        var reads = new OwnVoteReads();
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        reads.Outdate(one);
        using var first = reads.Begin(one);
        using var another = reads.Begin(other);
        first.IsOutdated.ShouldBeFalse("the vote came before the read");

        var second = reads.Begin(one);
        reads.Outdate(one);
        (first.IsOutdated, second.IsOutdated, another.IsOutdated).ShouldBe((true, true, false));
        second.Dispose();
        using var third = reads.Begin(one);
        third.IsOutdated.ShouldBeFalse("that vote is stored, so the new read finds it");
    }
}
