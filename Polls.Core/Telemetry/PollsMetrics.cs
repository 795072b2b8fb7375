using System.Diagnostics.Metrics;

namespace Polls.Core.Telemetry;

/// <summary>Every instrument of the <c>Polls</c> meter. Labels are bounded: never a room, a poll or a person.</summary>
public sealed class PollsMetrics : IDisposable
{
    /// <summary>The meter's name, as exporters select it.</summary>
    public const string MeterName = "Polls";

    private readonly Meter meter;
    private readonly Counter<long> loopFailures;

    /// <summary>Creates the instruments on a meter of the given factory, which owns and disposes it.</summary>
    public PollsMetrics(IMeterFactory meters)
    {
        meter = meters.Create(MeterName);
        loopFailures = meter.CreateCounter<long>(
            "polls.loop.failures", "{failure}", "Exceptions that a background loop survived, by loop.");
    }

    /// <summary>A background loop caught an exception and goes on.</summary>
    /// <param name="loop">The loop's fixed name.</param>
    public void LoopFailed(string loop) => loopFailures.Add(1, new KeyValuePair<string, object?>("loop", loop));

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
