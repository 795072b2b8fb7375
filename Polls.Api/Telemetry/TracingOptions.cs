using System.ComponentModel.DataAnnotations;

namespace Polls.Api.Telemetry;

/// <summary>
/// The share of requests to trace, if a collector is configured. Bound from the section <c>Tracing</c>.
/// </summary>
public sealed record TracingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Tracing";

    /// <summary>The share of requests and hub calls whose traces are kept. With 0, there are no traces.</summary>
    [Range(
        0.0, 1.0,
        ErrorMessage = "Tracing:SampleRatio must be between {1} and {2}, such as 0.01 for one request in a hundred.")]
    public double SampleRatio { get; set; } = 0.01;
}
