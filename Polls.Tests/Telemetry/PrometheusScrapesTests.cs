using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using Polls.Api.Telemetry;

namespace Polls.Tests.Telemetry;

/// <summary>Many who look at once.</summary>
public sealed class PrometheusScrapesTests : IDisposable
{
    private readonly Meter meter = new($"Test.{Guid.NewGuid():N}");
    private readonly StandingClock clock = new();
    private readonly PrometheusScrapes scrapes;
    private readonly MeterProvider provider;
    private int collections;

    public PrometheusScrapesTests()
    {
        scrapes = new PrometheusScrapes(clock, NullLogger<PrometheusScrapes>.Instance);
        meter.CreateObservableCounter("collections", () => ++collections);
        provider = Sdk.CreateMeterProviderBuilder().AddMeter(meter.Name).AddReader(scrapes.Reader).Build();
    }

    public void Dispose()
    {
        provider.Dispose();
        scrapes.Dispose();
        meter.Dispose();
    }

    [Fact]
    public async Task Those_who_come_together_share_one_collection()
    {
        var pages = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => scrapes.TakeAsync(default))));
        pages.Distinct().ShouldHaveSingleItem();
        collections.ShouldBe(1);

        clock.Advance(TimeSpan.FromSeconds(1));
        (await scrapes.TakeAsync(default)).ShouldNotBe(pages[0]);
        collections.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_that_is_still_being_sent_stays_as_it_is()
    {
        var held = await scrapes.TakeAsync(default);
        var text = held.Bytes.ToArray();
        var others = new HashSet<PrometheusPage>();
        for (var i = 0; i < 10; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            var page = await scrapes.TakeAsync(default);
            page.ShouldNotBe(held);
            others.Add(page);
            scrapes.Return(page);
        }

        collections.ShouldBe(11);
        held.Bytes.ToArray().ShouldBe(text);
        // The others took turns.
        others.Count.ShouldBe(2);
    }

    private sealed class StandingClock : TimeProvider
    {
        private long now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
