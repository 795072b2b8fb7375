using System.Diagnostics;
using OpenTelemetry.Trace;
using Polls.Core.Telemetry;

namespace Polls.Api.Telemetry;

/// <summary>
/// Decides where a trace begins whether it is kept. What happens within a trace follows that decision, on other instances
/// too (<see cref="ParentBasedSampler"/>).
/// </summary>
internal sealed class TraceSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler some = new(ratio);

    /// <summary>The sampler for this share of requests and hub calls.</summary>
    public static Sampler Of(double ratio) => new ParentBasedSampler(new TraceSampler(ratio));

    /// <inheritdoc />
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => samplingParameters switch
    {
        // It exists only because one of its votes is sampled.
        { Name: PollsTraces.Batch } => new SamplingResult(SamplingDecision.RecordAndSample),
        // A statement that nobody asked for: loops that look at the database every second or two.
        { Kind: ActivityKind.Client } => new SamplingResult(SamplingDecision.Drop),
        _ => some.ShouldSample(samplingParameters),
    };
}
