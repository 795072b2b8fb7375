using System.Net;
using Microsoft.Extensions.Options;
using Polls.Api.Tokens;
using Polls.Core;

namespace Polls.Api.Limits;

/// <summary>
/// Applies rate limits: finds the rule and the key, and refuses with the stable code <c>rateLimited</c>.
/// </summary>
public sealed class RateLimits
{
    private readonly IRateLimiter limiter;
    private readonly LimitMetrics metrics;
    private readonly bool enabled;
    private readonly RateRule[] rules;

    /// <summary>Reads the rules of all classes.</summary>
    public RateLimits(IRateLimiter limiter, IOptions<LimitOptions> options, LimitMetrics metrics)
    {
        (this.limiter, this.metrics, enabled) = (limiter, metrics, options.Value.Enabled);
        rules = [.. Enum.GetValues<RateClass>().Select(options.Value.Of)];
    }

    /// <summary>Counts a request by its token. Returns null when it is allowed.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, Caller caller, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, caller), cancellationToken);

    /// <summary>Counts a request by its address. Returns null when it is allowed.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, IPAddress? address, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, address), cancellationToken);

    /// <summary>
    /// Gives back a request that turned out not to count. Requests are counted first and given back later, so that a
    /// thousand concurrent tries count as a thousand.
    /// </summary>
    public async ValueTask GiveBackAsync(RateClass rate, IPAddress? address, CancellationToken cancellationToken)
    {
        if (enabled)
        {
            await limiter.AddAsync(LimitKey.Of(rate, address), rules[(int)rate], cost: -1, cancellationToken);
        }
    }

    /// <summary>
    /// Counts more for a request that was allowed, because its answer is large: the next ones wait for it. Concurrent
    /// requests pay as much as one after another.
    /// </summary>
    public async ValueTask ChargeAsync(RateClass rate, Caller caller, int more, CancellationToken cancellationToken)
    {
        if (enabled && more > 0)
        {
            await limiter.AddAsync(LimitKey.Of(rate, caller), rules[(int)rate], more, cancellationToken);
        }
    }

    /// <summary>
    /// Counts what a host stores, in the units of <see cref="RateClass.Content"/>. Returns null when it is allowed.
    /// </summary>
    public ValueTask<Refusal?> CheckContentAsync(IPAddress? address, int units, CancellationToken cancellationToken) =>
        units == 0 ? default : CheckAsync(LimitKey.Of(RateClass.Content, address), cancellationToken, units);

    /// <summary>
    /// Counts a request on a room by any caller, or a request by an account. Returns null when it is allowed.
    /// </summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, Guid id, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, id), cancellationToken);

    /// <summary>Counts a request that uses a name. Returns null when it is allowed.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, string name, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, name), cancellationToken);

    /// <summary>Counts a request on a room by its address. Returns null when it is allowed.</summary>
    public ValueTask<Refusal?> CheckAsync(
        RateClass rate, IPAddress? address, Guid roomId, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, address, roomId), cancellationToken);

    private async ValueTask<Refusal?> CheckAsync(LimitKey key, CancellationToken cancellationToken, int cost = 1)
    {
        if (!enabled)
        {
            return null;
        }

        var wait = await limiter.TakeAsync(key, rules[(int)key.Class], cost, cancellationToken);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        metrics.RateLimited(key.Class);
        return Refusals.RateLimited(wait);
    }
}
