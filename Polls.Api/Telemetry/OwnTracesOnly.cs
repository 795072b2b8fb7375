using System.Diagnostics;

namespace Polls.Api.Telemetry;

/// <summary>
/// A trace begins here. Whoever is outside cannot join a trace, and so cannot have each request sampled, neither by HTTP
/// headers nor by those of a hub message. Instances tell each other over the backplane.
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
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    /// <inheritdoc />
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
