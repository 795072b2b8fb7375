using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Core;

namespace Polls.Api.Connections;

/// <summary>The connection limit of one instance. Bound from the section <c>Connections</c>.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The maximum number of hub connections. Each uses one open file here and two in nginx.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Connections:Max must be between {1} and {2}.")]
    public int Max { get; set; } = 20_000;
}

/// <summary>
/// Refuses hub connections above <see cref="ConnectionOptions.Max"/> and leaves capacity for other requests, such as
/// health checks: an orchestrator must not restart an instance because it is full.
/// </summary>
internal static class ConnectionLimit
{
    /// <summary>
    /// Connections in addition to hub connections. Beyond these, Kestrel closes new connections without an answer.
    /// </summary>
    public const int ForRequests = 5_000;

    private const string Section = "Connections";

    private static readonly Refusal Full = new(
        "busy", "This instance has reached its connection limit. Connect again.", RefusalKind.Unavailable,
        TimeSpan.FromSeconds(1));

    public static void AddConnectionLimit(this IServiceCollection services)
    {
        services.AddOptions<ConnectionOptions>().BindConfiguration(Section).ValidateDataAnnotations().ValidateOnStart();
        // The server is created before the options are validated. Validation reports a wrong value.
        services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>((kestrel, configuration) =>
            kestrel.Limits.MaxConcurrentConnections =
                ForRequests
                + (int.TryParse(configuration[$"{Section}:{nameof(ConnectionOptions.Max)}"], out var most) && most > 0
                    ? most
                    : new ConnectionOptions().Max));
    }

    public static IApplicationBuilder UseConnectionLimit(this IApplicationBuilder app, string hubPath)
    {
        var most = app.ApplicationServices.GetRequiredService<IOptions<ConnectionOptions>>().Value.Max;
        // A request to the hub lasts as long as its connection, or is one poll of a connection.
        var open = 0;
        return app.Use(async (http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments(hubPath, StringComparison.OrdinalIgnoreCase))
            {
                await next(http);
                return;
            }

            try
            {
                if (Interlocked.Increment(ref open) > most && IsNew(http.Request))
                {
                    await Full.ToProblem(http).ExecuteAsync(http);
                    return;
                }

                await next(http);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        });
    }

    // A request with an id can be the next poll of an existing connection.
    private static bool IsNew(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || !request.Query.ContainsKey("id")
        || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
