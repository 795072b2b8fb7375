using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Telemetry;

namespace Polls.Api.Limits;

/// <summary>Who may do how much: finds the rule and the key, and says no with the stable code <c>rateLimited</c>.</summary>
public sealed class RateLimits
{
    private readonly IRateLimiter limiter;
    private readonly PollsMetrics metrics;
    private readonly bool enabled;
    private readonly string[] names = [.. Enum.GetNames<RateClass>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
    private readonly RateRule[] rules;

    /// <summary>Shows every rule from the start, at zero: a rate needs a first value.</summary>
    public RateLimits(IRateLimiter limiter, IOptions<LimitOptions> options, PollsMetrics metrics)
    {
        (this.limiter, this.metrics, enabled) = (limiter, metrics, options.Value.Enabled);
        rules = [.. Enum.GetValues<RateClass>().Select(options.Value.Of)];
        foreach (var name in names)
        {
            metrics.RateLimited(name, times: 0);
        }
    }

    /// <summary>Counts what somebody with a token does; null when it may be done.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, Caller caller, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, caller), cancellationToken);

    /// <summary>Counts what is done from an address; null when it may be done.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, IPAddress? address, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, address), cancellationToken);

    /// <summary>
    /// Gives back what was counted for an address: it turned out not to be what the rule is about. Counted first and given back
    /// after, so that a thousand tries at once are a thousand.
    /// </summary>
    public async ValueTask GiveBackAsync(RateClass rate, IPAddress? address, CancellationToken cancellationToken)
    {
        if (enabled)
        {
            await limiter.TakeAsync(LimitKey.Of(rate, address), rules[(int)rate], cost: -1, cancellationToken);
        }
    }

    /// <summary>Counts what is done to a room, by whomever, or by an account; null when it may be done.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, Guid id, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, id), cancellationToken);

    /// <summary>Counts what is done in a name, by whomever; null when it may be done.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, string name, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, name), cancellationToken);

    /// <summary>Counts what is done to a room from an address; null when it may be done.</summary>
    public ValueTask<Refusal?> CheckAsync(RateClass rate, IPAddress? address, Guid roomId, CancellationToken cancellationToken) =>
        CheckAsync(LimitKey.Of(rate, address, roomId), cancellationToken);

    private async ValueTask<Refusal?> CheckAsync(LimitKey key, CancellationToken cancellationToken)
    {
        if (!enabled)
        {
            return null;
        }

        var wait = await limiter.TakeAsync(key, rules[(int)key.Class], cost: 1, cancellationToken);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        metrics.RateLimited(names[(int)key.Class]);
        return Refusals.RateLimited(wait);
    }
}
