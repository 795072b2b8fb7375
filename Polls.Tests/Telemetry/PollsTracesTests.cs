using System.Diagnostics;
using Polls.Core;
using Polls.Core.Kinds;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Polls.Core.Votes;

namespace Polls.Tests.Telemetry;

/// <summary>
/// The cost of tracing, and the links between a batch and its votes. No other tests in this process use a listener.
/// </summary>
public sealed class PollsTracesTests
{
    [Fact]
    public void Without_a_listener_it_allocates_nothing()
    {
        var poll = Guid.NewGuid();
        PendingVote[] votes = [Vote(poll), Vote(poll)];
        var tally = new Tally(poll, 1, [], 0);
        TallyMoved[] tallies = [new(poll, 1, tally, "1-1")];
        Go();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Go();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Go()
        {
            for (var i = 0; i < 1000; i++)
            {
                using var vote = PollsTraces.StartVote(poll);
                vote.Decided(VoteOutcome.Accepted);
                using var batch = PollsTraces.StartBatch(votes, static vote => vote.Trace);
                batch.Committed();
                using var publish = PollsTraces.StartPublish(tallies);
                using var send = PollsTraces.StartSend(null, tally);
                send.Sent(1);
            }
        }
    }

    [Fact]
    public void A_batch_has_links_to_and_from_its_sampled_votes_and_not_too_many()
    {
        using var listener = Listen();
        using var requests = new ActivitySource("Test.Requests");
        var poll = Guid.NewGuid();
        using var request = requests.StartActivity("request").ShouldNotBeNull();
        PendingVote[] votes = [.. Enumerable.Range(0, 300).Select(i => Vote(poll))];
        foreach (var vote in votes.Skip(1))
        {
            vote.Trace = PollsTraces.StartVote(poll);
            vote.Trace.ShouldNotBeNull().Stop();
        }

        Activity.Current = null;
        using var batch = PollsTraces.StartBatch(votes, static vote => vote.Trace).ShouldNotBeNull();
        batch.ParentId.ShouldBeNull();
        batch.Links.Select(link => link.Context).ShouldBe(votes.Skip(1).Take(PollsTraces.MostLinks).Select(vote => vote.Trace!.Context));
        foreach (var vote in votes.Skip(1).Take(PollsTraces.MostLinks))
        {
            vote.Trace!.Links.ShouldHaveSingleItem().Context.ShouldBe(batch.Context);
        }

        votes[^1].Trace!.Links.ShouldBeEmpty();
        PollsTraces.StartBatch(votes[..1], static vote => vote.Trace).ShouldBeNull("none of them is sampled");
    }

    [Fact]
    public void A_published_message_carries_the_context_of_the_span_that_publishes_it()
    {
        using var listener = Listen();
        var (one, two) = ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-1af7651916cd43dd8448eb211c80319c-c7ad6b7169203331-01");
        var room = Guid.NewGuid();
        TallyMoved[] tallies = [Moved(null), Moved(one), Moved(two)];
        Activity.Current = null;
        using var publish = PollsTraces.StartPublish(tallies).ShouldNotBeNull();
        publish.ParentId.ShouldBe(one);
        publish.Links.ShouldHaveSingleItem().Context.TraceId.ToHexString().ShouldBe("1af7651916cd43dd8448eb211c80319c");
        var message = new Api.Backplane.RoomMessage(tallies).Under(publish);
        message.Tallies!.Select(moved => moved.Trace).ShouldBe([null, publish.Id, publish.Id]);
        PollsTraces.StartPublish(tallies[..1]).ShouldBeNull();
        PollsTraces.StartSend("not a traceparent", tallies[0].Tally).ShouldBeNull();

        TallyMoved Moved(string? trace) => new(room, 1, new Tally(Guid.NewGuid(), 1, [], 0), "1-1", Trace: trace);
    }

    private static PendingVote Vote(Guid poll) => new(poll, 1, Guid.NewGuid(), 1, new Ballot([0]));

    private static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is PollsTraces.SourceName or "Test.Requests",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
