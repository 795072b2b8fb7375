using Microsoft.Extensions.DependencyInjection;
using Polls.Api.Limits;
using Polls.Api.LiveRooms;
using Polls.Api.Redis;
using Polls.Api.Setup;
using Polls.Core;
using Polls.Core.Tallies;
using Polls.Core.Votes;
using Polls.Tests.Servers;

namespace Polls.Tests.Telemetry;

/// <summary>The cost of counting, and the start times of lags.</summary>
public sealed class MetricsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Counting_on_the_way_of_a_vote_allocates_nothing()
    {
        using var services = new ServiceCollection().AddOwnMetrics().BuildServiceProvider();
        var votes = services.GetRequiredService<VoteMetrics>();
        var rooms = services.GetRequiredService<LiveRoomMetrics>();
        var limits = services.GetRequiredService<LimitMetrics>();
        var redis = services.GetRequiredService<RedisMetrics>();
        redis.Observe(() => 1, () => 0, () => 0);
        Vote();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Vote();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Vote()
        {
            for (var i = 0; i < 1000; i++)
            {
                votes.Decided((VoteOutcome)(i % 13));
                votes.Answered(TimeSpan.FromMilliseconds(i));
                votes.BatchCommitted(i, TimeSpan.FromMilliseconds(i));
                rooms.TallySent(new Moments(Noon, Noon), Noon, i);
                rooms.Skipped(i);
                rooms.Sent(Broadcast.Poll, i);
                limits.RateLimited(RateClass.Vote);
                redis.Answered(TimeSpan.FromMilliseconds(i));
                redis.Failed(RedisFault.TooManyCalls);
            }
        }
    }

    [Fact]
    public void Instances_in_one_process_have_separate_metrics()
    {
        using var one = new TestMetrics();
        using var other = new TestMetrics();
        new VoteMetrics(one.Registry, one.Loops).Decided(VoteOutcome.Accepted);
        (one["polls.votes"], other["polls.votes"]).ShouldBe((1, 0));
    }

    [Fact]
    public void The_lag_of_a_tally_that_replaces_an_older_one_starts_with_the_older_one()
    {
        var older = Moved(1, new Moments(Noon, Noon.AddSeconds(2)));
        var newer = Moved(2, new Moments(Noon.AddSeconds(1), Noon.AddSeconds(3)));
        newer.InsteadOf(older).ShouldBe(newer with { Since = new Moments(Noon, Noon.AddSeconds(2)) });
        newer.InsteadOf(Moved(1, null)).ShouldBe(newer);
        (newer with { Since = null }).InsteadOf(older).Since.ShouldBe(older.Since);
    }

    [Fact]
    public void A_tally_that_replaces_an_older_one_carries_the_newest_trace()
    {
        var (older, newer) = (Moved(1, null) with { Trace = "old" }, Moved(2, null));
        newer.InsteadOf(older).Trace.ShouldBe("old");
        (newer with { Trace = "new" }).InsteadOf(older).Trace.ShouldBe("new");
        (newer with { Trace = "new" }).InsteadOf(older with { Trace = null }).Trace.ShouldBe("new");
    }

    private static TallyMoved Moved(long version, Moments? since) =>
        new(Guid.Empty, 1, new Tally(Guid.Empty, version, [], 0), "1-1", since);
}
