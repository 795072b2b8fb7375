using Polls.Prove;
using Polls.Prove.Checks;
using Polls.Prove.History;
using Polls.Prove.Kinds;

namespace Polls.Tests.Prove;

/// <summary>The tallies that the receipts allow, at every version.</summary>
public sealed class TallyCheckTests
{
    private readonly Verdicts verdicts = new();
    private readonly RunHistory history;
    private static readonly ChoiceModel Choice = new(2, 1);
    private readonly PollHistory poll = new(Guid.NewGuid(), "a poll", Choice);
    private readonly Guid ann = Guid.NewGuid();
    private readonly Guid bob = Guid.NewGuid();
    private long now;

    public TallyCheckTests()
    {
        history = new(verdicts);
        history.Add(poll);
    }

    [Fact]
    public void A_tally_that_is_the_sum_of_the_receipts_is_accepted_at_every_version()
    {
        Cast(ann, 1, [0], version: 1);
        Cast(bob, 1, [1], version: 2);
        Cast(ann, 2, [1], version: 3);
        Cast(bob, 2, [], version: 4);
        Seen(1, [1, 0], 1);
        Seen(2, [1, 1], 2);
        Seen(3, [0, 2], 2);
        Seen(4, [0, 1], 1);
        Broken().ShouldBeEmpty();
    }

    [Fact]
    public void A_vote_that_is_missing_at_its_version_is_detected()
    {
        Cast(ann, 1, [0], version: 1);
        Cast(bob, 1, [1], version: 2);
        Seen(2, [1, 0], 1);
        Broken().ShouldBe([Guarantee.G3]);
    }

    [Fact]
    public void A_vote_that_is_counted_before_its_version_is_detected()
    {
        Cast(ann, 1, [0], version: 5);
        Seen(4, [1, 0], 1);
        Broken().ShouldBe([Guarantee.G3]);
    }

    [Fact]
    public void A_vote_without_an_answer_may_count_or_not_but_only_once()
    {
        Cast(ann, 1, [0], version: 1);
        history.BallotOf(bob, poll.Id).Sending(1, Choice.Choose(1), after: 1, ++now);
        Seen(2, [1, 0], 1);
        Seen(3, [1, 1], 2);
        Broken().ShouldBeEmpty();

        Seen(4, [1, 2], 3);
        Broken().ShouldBe([Guarantee.G3]);
    }

    [Fact]
    public void A_vote_without_an_answer_does_not_count_before_it_was_sent()
    {
        history.BallotOf(bob, poll.Id).Sending(1, Choice.Choose(1), after: 7, ++now);
        Seen(7, [0, 1], 1);
        Broken().ShouldBe([Guarantee.G3]);
    }

    [Fact]
    public void A_vote_that_was_refused_never_counts()
    {
        var ballot = history.BallotOf(bob, poll.Id);
        ballot.Refused(ballot.Sending(1, Choice.Choose(1), after: 0, ++now));
        Seen(1, [0, 1], 1);
        Broken().ShouldBe([Guarantee.G3]);
    }

    [Fact]
    public void After_a_reset_no_earlier_vote_counts()
    {
        Cast(ann, 1, [0], version: 1);
        poll.Resetting();
        poll.WasReset(2);
        Cast(bob, 1, [1], version: 3);
        Seen(2, [0, 0], 0);
        Seen(3, [0, 1], 1);
        Broken().ShouldBeEmpty();

        Seen(4, [1, 1], 2);
        Broken().ShouldBe([Guarantee.G3]);
    }

    [Fact]
    public void Two_tallies_of_one_version_are_detected()
    {
        Seen(1, [1, 0], 1);
        Seen(1, [0, 1], 1);
        verdicts.Broken.ShouldBe([Guarantee.G3]);
    }

    private void Cast(Guid voter, int revision, int[] choices, long version)
    {
        var ballot = history.BallotOf(voter, poll.Id);
        var attempt = ballot.Sending(revision, Choice.Choose(choices), version - 1, ++now);
        ballot.Received(attempt, new Receipt(revision, revision, version, now, ++now));
    }

    private void Seen(long version, int[] counts, int voters) => history.TallySeen(new SeenTally(poll.Id, version, counts, voters), "a screen", byParticipant: false);

    private IReadOnlyList<Guarantee> Broken()
    {
        TallyCheck.Run(history);
        return verdicts.Broken;
    }
}
