using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Polls.Api.Telemetry;

/// <summary>
/// One line a message, each with the time in UTC and the instance, so that the lines of all instances can be put together, and
/// with trace and span where there is one. In place of the framework's formatters of the same names, which do not know the instance.
/// </summary>
internal abstract class LogLines(string name, IConfiguration configuration, TimeProvider clock) : ConsoleFormatter(name)
{
    /// <summary>As it was configured; that it may be wrong is said elsewhere.</summary>
    protected string Instance { get; } = configuration["Instance:Id"] ?? Environment.MachineName;

    /// <summary>The time of a line.</summary>
    protected string Now => clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>Writes a line of text: what people read.</summary>
    public sealed class Text(IConfiguration configuration, TimeProvider clock) : LogLines(ConsoleFormatterNames.Simple, configuration, clock)
    {
        private static readonly string[] Levels = ["trce", "dbug", "info", "warn", "fail", "crit"];

        /// <inheritdoc />
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            var line = new StringBuilder($"{Now} {Instance} {Levels[(int)logEntry.LogLevel]}: {logEntry.Category}[{logEntry.EventId.Id}] ");
            line.Append(logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (Activity.Current is { } span)
            {
                line.Append(CultureInfo.InvariantCulture, $" (trace {span.TraceId} span {span.SpanId})");
            }

            textWriter.WriteLine(line.Append(logEntry.Exception is null ? "" : " ").Append(logEntry.Exception).Replace("\r", "").Replace('\n', ' '));
        }
    }

    /// <summary>Writes an object: what programs read.</summary>
    public sealed class Json(IConfiguration configuration, TimeProvider clock) : LogLines(ConsoleFormatterNames.Json, configuration, clock)
    {
        // Quotes and letters of all languages stay readable; nobody puts these lines into a page unescaped.
        private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

        /// <inheritdoc />
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            var buffer = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(buffer, Readable))
            {
                json.WriteStartObject();
                json.WriteString("timestamp", Now);
                json.WriteString("level", logEntry.LogLevel.ToString());
                json.WriteString("instance", Instance);
                json.WriteString("category", logEntry.Category);
                json.WriteNumber("eventId", logEntry.EventId.Id);
                json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
                if (Activity.Current is { } span)
                {
                    json.WriteString("traceId", span.TraceId.ToHexString());
                    json.WriteString("spanId", span.SpanId.ToHexString());
                }

                if (logEntry.Exception is { } exception)
                {
                    json.WriteString("exception", exception.ToString());
                }

                WriteValues(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>> ?? []);
                json.WriteEndObject();
            }

            textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        }

        // What the message was made of, for whoever searches by it.
        private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            json.WriteStartObject("values");
            foreach (var (name, value) in values)
            {
                if (name != "{OriginalFormat}")
                {
                    json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                }
            }

            json.WriteEndObject();
        }
    }
}
