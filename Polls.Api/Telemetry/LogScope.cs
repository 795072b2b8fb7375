using System.Collections;
using System.Diagnostics;

namespace Polls.Api.Telemetry;

/// <summary>
/// The only scope of log lines: the instance, and the current request, trace and span. The framework's scopes are left
/// out, because they contain request paths and connection ids.
/// </summary>
internal sealed class LogScope(string instance) : IExternalScopeProvider, IEnumerable<KeyValuePair<string, object?>>
{
    /// <inheritdoc />
    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) => callback(this, state);

    /// <inheritdoc />
    public IDisposable Push(object? state) => Ignored.Scope;

    /// <summary>The properties of the scope in a JSON line.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return new("InstanceId", instance);
        if (RequestId.Current is { } request)
        {
            yield return new("RequestId", request);
        }

        if (Activity.Current is { } span)
        {
            yield return new("TraceId", span.TraceId);
            yield return new("SpanId", span.SpanId);
        }
    }

    /// <inheritdoc />
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The scope in a line of text.</summary>
    public override string ToString() =>
        RequestId.Current is { } request ? $"{instance} (request {request})" : instance;

    private sealed class Ignored : IDisposable
    {
        public static readonly Ignored Scope = new();

        public void Dispose()
        {
        }
    }
}
