using System.Diagnostics;
using OpenTelemetry.Trace;
using Polls.Core.Telemetry;

namespace Polls.Api.Telemetry;

/// <summary>
/// Decides at the start of a trace whether to keep it. All spans of the trace follow that decision, also on other
/// instances (<see cref="ParentBasedSampler"/>).
/// </summary>
internal sealed class TraceSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler some = new(ratio);

    /// <summary>Returns a sampler that keeps this share of requests and hub calls.</summary>
    public static Sampler Of(double ratio) => new ParentBasedSampler(new TraceSampler(ratio));

    /// <inheritdoc />
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) => samplingParameters switch
    {
        // A batch span is created only if one of its votes is sampled.
        { Name: PollsTraces.Batch } => new SamplingResult(SamplingDecision.RecordAndSample),
        // A database statement outside a request: loops query the database every second or two.
        { Kind: ActivityKind.Client } => new SamplingResult(SamplingDecision.Drop),
        _ => some.ShouldSample(samplingParameters),
    };
}
