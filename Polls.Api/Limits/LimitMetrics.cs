using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.Limits;

/// <summary>Refusals by rate limits.</summary>
public sealed class LimitMetrics(CollectorRegistry registry)
{
    private readonly Counter.Child[] refusals = registry.Counters<RateClass>(
        "polls_rate_limited_total", "Requests and hub calls refused by a rate limit, by rule.", "rule");

    /// <summary>A rate limit refused a caller.</summary>
    public void RateLimited(RateClass rule) => refusals[(int)rule].Inc();
}
