using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Polls.Core.Telemetry;

namespace Polls.Tests.Servers;

/// <summary>The product's metrics on a meter of their own, with what was counted so far.</summary>
public sealed class TestMetrics : IDisposable
{
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, long> counted = [];

    public TestMetrics()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (counted)
                counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + value;
        });
        listener.Start();
        Polls = new PollsMetrics(meters);
    }

    public PollsMetrics Polls { get; }

    public long this[string instrument]
    {
        get
        {
            lock (counted) return counted.GetValueOrDefault(instrument);
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }
}
