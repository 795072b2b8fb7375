using Polls.Api.Limits;

namespace Polls.Api.Redis;

/// <summary>
/// Counts requests on all instances together, with as few calls to Redis as possible. A refused caller is refused from
/// memory until its wait is over, and occasional votes of one person are not counted in Redis at all. So each instance
/// allows a little more than the rule: a burst of two and 1 % of the rate.
/// </summary>
public sealed class RedisRateLimiter(RedisConnection connection, TimeProvider clock) : IRateLimiter
{
    private const double FreeRate = 0.01;
    private const int FreeBurst = 2;
    // As a tolerance in µs: longer than any key is ahead of the clock, and exact in Lua's numbers.
    private const long Unlimited = 1L << 52;

    private readonly InProcessRateLimiter local = new(clock);
    private readonly InProcessRateLimiter free = new(clock);
    private readonly RecentRefusals refused = new(clock);

    /// <inheritdoc />
    public async ValueTask<TimeSpan> TakeAsync(
        LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken)
    {
        // Only votes are frequent enough to need this, and their rule is generous compared to what a person does.
        if (key.Class == RateClass.Vote
            && free.Take(key, new RateRule(rule.PerSecond * FreeRate, Math.Min(FreeBurst, rule.Burst)), cost)
                == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        if (refused.Left(key) is { } left && left > TimeSpan.Zero)
        {
            return left;
        }

        var reply = await CallAsync(key, rule.Interval, rule.Tolerance, cost, cancellationToken);
        if (!reply.Answered)
        {
            return local.Take(key, rule, cost);
        }

        var wait = TimeSpan.FromMicroseconds(reply.Value);
        if (wait > TimeSpan.Zero)
        {
            refused.Add(key, wait);
        }

        return wait;
    }

    /// <inheritdoc />
    public async ValueTask AddAsync(LimitKey key, RateRule rule, int cost, CancellationToken cancellationToken)
    {
        if (!(await CallAsync(key, rule.Interval, Unlimited, cost, cancellationToken)).Answered)
        {
            local.Add(key, rule, cost);
        }
    }

    /// <inheritdoc />
    public async ValueTask<double> UsedAsync(LimitKey key, RateRule rule, CancellationToken cancellationToken)
    {
        // A key lives until its next request is due.
        var reply = await connection.CallAsync(
            database => database.KeyTimeToLiveAsync(RedisKeys.Limit(key)), cancellationToken);
        return reply.Answered ? rule.Used(reply.Value ?? TimeSpan.Zero) : local.Used(key, rule);
    }

    private ValueTask<RedisReply<long>> CallAsync(
        LimitKey key, long interval, long tolerance, int cost, CancellationToken cancellationToken) =>
        connection.CallAsync(
            async database => (long)await RedisScripts.RateLimit
                .RunAsync(database, RedisKeys.Limit(key), interval, tolerance, cost).ConfigureAwait(false),
            cancellationToken);
}
