using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Core;

namespace Polls.Api.Connections;

/// <summary>How many may be connected to one instance; section <c>Connections</c>.</summary>
public sealed record ConnectionOptions
{
    /// <summary>Hub connections. Each takes an open file, and nginx two.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Connections:Max must be between {1} and {2}.")]
    public int Max { get; set; } = 20_000;
}

/// <summary>
/// Refuses hub connections above <see cref="ConnectionOptions.Max"/> while there is still room for requests, those of orchestrators
/// above all: one that has enough people must not be taken for dead.
/// </summary>
internal static class ConnectionLimit
{
    /// <summary>Connections beside those of the hub; whoever comes when these too are taken is cut off without an answer.</summary>
    public const int ForRequests = 5_000;

    private const string Section = "Connections";

    private static readonly Refusal Full = new(
        "busy", "This instance has as many connections as it takes; connect again.", RefusalKind.Unavailable, TimeSpan.FromSeconds(1));

    public static void AddConnectionLimit(this IServiceCollection services)
    {
        services.AddOptions<ConnectionOptions>().BindConfiguration(Section).ValidateDataAnnotations().ValidateOnStart();
        // The server is made before configuration is checked: a wrong value is told there, not here.
        services.AddOptions<KestrelServerOptions>().Configure<IConfiguration>((kestrel, configuration) =>
            kestrel.Limits.MaxConcurrentConnections =
                ForRequests + (int.TryParse(configuration[$"{Section}:{nameof(ConnectionOptions.Max)}"], out var most) && most > 0 ? most : new ConnectionOptions().Max));
    }

    public static IApplicationBuilder UseConnectionLimit(this IApplicationBuilder app, string hubPath)
    {
        var most = app.ApplicationServices.GetRequiredService<IOptions<ConnectionOptions>>().Value.Max;
        // A request to the hub lasts as long as the connection that it carries, or is a poll of one.
        var open = 0;
        return app.Use(async (http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments(hubPath))
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

    // With an id it may be the next poll of somebody who is here already.
    private static bool IsNew(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || !request.Query.ContainsKey("id")
        || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
