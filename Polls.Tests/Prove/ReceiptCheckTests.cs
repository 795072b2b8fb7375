using Polls.Prove;
using Polls.Prove.Checks;
using Polls.Prove.History;
using Polls.Prove.Kinds;

namespace Polls.Tests.Prove;

/// <summary>Checks between receipts.</summary>
public sealed class ReceiptCheckTests
{
    private readonly Verdicts verdicts = new();
    private readonly RunHistory history;
    private static readonly ChoiceModel Choice = new(2, 1);
    private readonly PollHistory poll = new(Guid.NewGuid(), "a poll", Choice);
    private readonly Ballot ballot;

    public ReceiptCheckTests()
    {
        history = new(verdicts);
        history.Add(poll);
        ballot = history.BallotOf(Guid.NewGuid(), poll.Id);
    }

    [Fact]
    public void New_votes_repeats_and_late_lower_revisions_are_accepted()
    {
        Answered(1, counts: 1, version: 1, sent: 1);
        Answered(3, counts: 3, version: 4, sent: 3);
        Answered(3, counts: 3, version: 4, sent: 5);
        Answered(2, counts: 3, version: 4, sent: 7);
        Broken().ShouldBeEmpty();
    }

    [Fact]
    public void A_repeat_that_counts_again_is_detected()
    {
        Answered(1, counts: 1, version: 1, sent: 1);
        Answered(1, counts: 1, version: 2, sent: 3);
        Broken().ShouldBe([Guarantee.G2]);
    }

    [Fact]
    public void A_lower_revision_that_counts_after_a_higher_one_is_detected()
    {
        Answered(2, counts: 2, version: 1, sent: 1);
        Answered(1, counts: 1, version: 2, sent: 3);
        Broken().ShouldBe([Guarantee.G2]);
    }

    [Fact]
    public void A_receipt_for_a_revision_that_was_never_sent_is_detected()
    {
        Answered(1, counts: 9, version: 1, sent: 1);
        Broken().ShouldBe([Guarantee.G2]);
    }

    [Fact]
    public void A_receipt_for_a_vote_sent_after_the_close_is_detected_and_one_for_a_repeat_is_accepted()
    {
        Answered(1, counts: 1, version: 1, sent: 1);
        poll.WasClosed(10, 20);
        Answered(1, counts: 1, version: 1, sent: 12);
        Answered(2, counts: 2, version: 2, sent: 21);
        Broken().ShouldBeEmpty();

        Answered(3, counts: 3, version: 3, sent: 15);
        Broken().ShouldContain(Guarantee.G4);
    }

    [Fact]
    public void A_receipt_while_postgres_is_down_is_detected()
    {
        history.DatabaseWasDown(10, 20);
        Answered(1, counts: 1, version: 1, sent: 9);
        Answered(2, counts: 2, version: 2, sent: 20);
        Broken().ShouldBeEmpty();

        Answered(3, counts: 3, version: 3, sent: 12);
        Broken().ShouldContain(Guarantee.G9);
    }

    private void Answered(int revision, int counts, long version, long sent) =>
        ballot.Received(ballot.Sending(revision, Choice.Choose(0), after: 0, sent), new Receipt(revision, counts, version, sent, sent + 1));

    private IReadOnlyList<Guarantee> Broken()
    {
        ReceiptCheck.Run(history);
        return verdicts.Broken;
    }
}
