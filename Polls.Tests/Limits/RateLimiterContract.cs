using Polls.Api.Limits;

namespace Polls.Tests.Limits;

/// <summary>The behaviour of every rate limiter.</summary>
public abstract class RateLimiterContract
{
    // So slow that nothing is refilled during a test.
    private static readonly RateRule Slow = new(0.001, 5);
    private readonly LimitKey key = LimitKey.Of(RateClass.Read, Guid.CreateVersion7());

    /// <summary>The limiter of the instance with this id.</summary>
    protected abstract Task<IRateLimiter> InstanceAsync(string id);

    [Fact]
    public async Task The_burst_passes_and_further_requests_are_told_how_long_to_wait()
    {
        var limiter = await InstanceAsync("one");
        for (var i = 0; i < 5; i++)
        {
            (await limiter.TakeAsync(key, Slow, 1, default)).ShouldBe(TimeSpan.Zero);
        }

        (await limiter.TakeAsync(key, Slow, 1, default)).TotalSeconds.ShouldBeInRange(900, 1000);
    }

    [Fact]
    public async Task Many_at_once_pass_no_more_than_the_burst()
    {
        var limiter = await InstanceAsync("one");
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => limiter.TakeAsync(key, Slow, 1, default).AsTask())));
        answers.Count(wait => wait == TimeSpan.Zero).ShouldBe(5);
    }

    [Fact]
    public async Task Keys_and_classes_do_not_share()
    {
        var limiter = await InstanceAsync("one");
        (await limiter.TakeAsync(key, new RateRule(0.001, 1), 1, default)).ShouldBe(TimeSpan.Zero);
        (await limiter.TakeAsync(key, new RateRule(0.001, 1), 1, default)).ShouldBeGreaterThan(TimeSpan.Zero);
        (await limiter.TakeAsync(key with { Class = RateClass.Host }, new RateRule(0.001, 1), 1, default)).ShouldBe(TimeSpan.Zero);
        (await limiter.TakeAsync(LimitKey.Of(RateClass.Read, Guid.CreateVersion7()), new RateRule(0.001, 1), 1, default)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Returned_permits_can_be_taken_again_but_never_exceed_the_burst()
    {
        var limiter = await InstanceAsync("one");
        await limiter.AddAsync(key, Slow, -1, default);
        for (var i = 0; i < 5; i++)
        {
            (await limiter.TakeAsync(key, Slow, 1, default)).ShouldBe(TimeSpan.Zero);
        }

        await limiter.AddAsync(LimitKey.Of(RateClass.Read, Guid.CreateVersion7()), Slow, -1, default);
        await limiter.AddAsync(key, Slow, -1, default);
        (await limiter.TakeAsync(key, Slow, 1, default)).ShouldBe(TimeSpan.Zero);
        (await limiter.TakeAsync(key, Slow, 1, default)).ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task What_is_added_counts_however_much_is_used_already()
    {
        var limiter = await InstanceAsync("one");
        (await limiter.TakeAsync(key, Slow, 5, default)).ShouldBe(TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => limiter.AddAsync(key, Slow, 2, default).AsTask()));
        await limiter.AddAsync(key, Slow, -7, default);
        (await limiter.TakeAsync(key, Slow, 1, default)).ShouldBe(TimeSpan.Zero, "4 of 5 are used");
        (await limiter.TakeAsync(key, Slow, 1, default)).ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_request_after_the_announced_wait_is_allowed()
    {
        var limiter = await InstanceAsync("one");
        var rule = new RateRule(5, 1);
        (await limiter.TakeAsync(key, rule, 1, default)).ShouldBe(TimeSpan.Zero);
        var wait = await limiter.TakeAsync(key, rule, 1, default);
        wait.ShouldBeInRange(TimeSpan.FromMicroseconds(1), TimeSpan.FromMilliseconds(200));
        await Task.Delay(wait + TimeSpan.FromMilliseconds(20));
        (await limiter.TakeAsync(key, rule, 1, default)).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task The_used_part_of_the_burst_can_be_seen_without_using_any()
    {
        var limiter = await InstanceAsync("one");
        (await limiter.UsedAsync(key, Slow, default)).ShouldBe(0);
        for (var i = 1; i <= 5; i++)
        {
            await limiter.TakeAsync(key, Slow, 1, default);
            (await limiter.UsedAsync(key, Slow, default)).ShouldBe(i / 5.0, tolerance: 0.1);
        }

        await limiter.TakeAsync(key, Slow, 1, default);
        (await limiter.UsedAsync(key, Slow, default)).ShouldBe(1, tolerance: 0.1);
    }
}
