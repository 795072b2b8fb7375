using System.Diagnostics;

namespace Polls.Api.Telemetry;

/// <summary>
/// Starts a new trace for each request. External clients cannot join a trace and so cannot force sampling, neither with
/// HTTP headers nor with headers of hub messages. Instances pass trace ids through the backplane.
/// </summary>
internal sealed class OwnTracesOnly : DistributedContextPropagator
{
    /// <inheritdoc />
    public override IReadOnlyCollection<string> Fields => [];

    /// <inheritdoc />
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
    }

    /// <inheritdoc />
    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier, PropagatorGetterCallback? getter) =>
        null;
}
