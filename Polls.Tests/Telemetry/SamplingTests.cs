using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Polls.Api.Telemetry;
using Polls.Core.Telemetry;

namespace Polls.Tests.Telemetry;

/// <summary>How many traces are sampled.</summary>
public sealed class SamplingTests : IDisposable
{
    private const int Times = 4000;
    private readonly ActivitySource source = new($"Test.{Guid.NewGuid():N}");

    public void Dispose() => source.Dispose();

    [Theory]
    [InlineData(1.0, Times, Times)]
    [InlineData(0.5, 1800, 2200)]
    [InlineData(0.01, 5, 100)]
    [InlineData(0.0, 0, 0)]
    public void The_share_of_sampled_traces_is_the_configured_one(double ratio, int least, int most) =>
        Kept(ratio, () => source.StartActivity("request", ActivityKind.Server)).ShouldBeInRange(least, most);

    [Fact]
    public void A_batch_is_kept_whatever_the_share_because_it_exists_for_sampled_votes_only() =>
        Kept(0.000001, () => source.StartActivity(PollsTraces.Batch)).ShouldBe(Times);

    [Fact]
    public void A_statement_outside_a_request_is_not_sampled() =>
        Kept(1, () => source.StartActivity("SELECT", ActivityKind.Client)).ShouldBe(0);

    [Theory]
    [InlineData(ActivityTraceFlags.Recorded, Times)]
    [InlineData(ActivityTraceFlags.None, 0)]
    public void The_sampling_decision_of_another_instance_is_kept(ActivityTraceFlags flags, int kept)
    {
        var elsewhere = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: true);
        Kept(0.5, () => source.StartActivity("tally send", ActivityKind.Consumer, elsewhere)).ShouldBe(kept);
    }

    private int Kept(double ratio, Func<Activity?> start)
    {
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).SetSampler(TraceSampler.Of(ratio)).Build();
        var kept = 0;
        for (var i = 0; i < Times; i++)
        {
            Activity.Current = null;
            using var span = start();
            kept += span is { Recorded: true } ? 1 : 0;
        }

        return kept;
    }
}
