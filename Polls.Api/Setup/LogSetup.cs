using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging.Console;
using Polls.Api.Telemetry;

namespace Polls.Api.Setup;

/// <summary>Configures the log on the standard output.</summary>
internal static class LogSetup
{
    /// <summary>
    /// Writes lines in JSON (<c>json</c>), in Development as text (<c>simple</c>), unless
    /// <c>Logging:Console:FormatterName</c> sets another format.
    /// </summary>
    public static void AddLogLines(this IHostApplicationBuilder builder)
    {
        // Not validated yet. Validation stops the start if the id is malformed.
        builder.Services.AddSingleton<IExternalScopeProvider>(new LogScope(
            builder.Configuration["Instance:Id"] ?? Environment.MachineName));
        builder.Logging
            .AddJsonConsole(json =>
            {
                Configure(json, "");
                // Keep quotes and non-ASCII letters readable. Log lines are never put into HTML unescaped.
                json.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            })
            .AddSimpleConsole(text =>
            {
                Configure(text, " ");
                text.SingleLine = true;
            });
        var usual = builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json;
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.FormatterName = builder.Configuration["Logging:Console:FormatterName"] is { Length: > 0 } given
                ? given
                : usual);
        // These categories log full URLs, and the hub's URL contains the token: never log them below Warning.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
    }

    private static void Configure(ConsoleFormatterOptions lines, string separator)
    {
        lines.IncludeScopes = true;
        lines.UseUtcTimestamp = true;
        lines.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ" + separator;
    }
}
