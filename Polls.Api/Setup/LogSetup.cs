using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Polls.Api.Telemetry;

namespace Polls.Api.Setup;

/// <summary>Configures the log on the standard output.</summary>
internal static class LogSetup
{
    /// <summary>
    /// Lines for programs (<c>json</c>), in Development for people (<c>simple</c>), unless <c>Logging:Console:FormatterName</c> says
    /// otherwise.
    /// </summary>
    public static void AddLogLines(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        var replaced = services.Where(service => service.ServiceType == typeof(ConsoleFormatter)
            && service.ImplementationType?.Name is "SimpleConsoleFormatter" or "JsonConsoleFormatter").ToArray();
        foreach (var service in replaced)
        {
            services.Remove(service);
        }

        builder.Logging.AddConsoleFormatter<LogLines.Text, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<LogLines.Json, ConsoleFormatterOptions>();
        // These lines contain whole URLs, and the hub's URL contains the token: never log them below Warning.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        var usual = builder.Environment.IsDevelopment() ? ConsoleFormatterNames.Simple : ConsoleFormatterNames.Json;
        services.PostConfigure<ConsoleLoggerOptions>(console =>
            console.FormatterName = string.IsNullOrEmpty(console.FormatterName) ? usual : console.FormatterName);
    }
}
