using System.Text.Json;

namespace Polls.Tests.Telemetry;

/// <summary>One JSON line of an instance's log.</summary>
internal sealed record LogLine(
    string Timestamp, int EventId, string LogLevel, string Category, string Message, string? Exception, IReadOnlyList<LogLine.Scope> Scopes)
{
    /// <summary>Fails if a line is not a JSON object, or its scope is missing or has unexpected members.</summary>
    public static IReadOnlyList<LogLine> Parse(IEnumerable<string> lines)
    {
        var parsed = lines.Select(line => JsonSerializer.Deserialize<LogLine>(line)!).ToList();
        parsed.ShouldNotBeEmpty();
        foreach (var line in parsed)
        {
            line.Scopes.ShouldHaveSingleItem(line.Message);
            line.Timestamp.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
            line.Message.ShouldNotBeEmpty();
        }

        return parsed;
    }

    public string InstanceId => Scopes[0].InstanceId;

    /// <summary>The request within which the line was written; null outside any.</summary>
    public string? RequestId => Scopes[0].RequestId;

    /// <summary>The trace and span of the line; null outside any.</summary>
    public (string? TraceId, string? SpanId) Span => (Scopes[0].TraceId, Scopes[0].SpanId);

    internal sealed record Scope(string InstanceId, string? RequestId, string? TraceId, string? SpanId);
}
