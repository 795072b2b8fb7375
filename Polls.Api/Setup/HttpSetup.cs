using Polls.Api.Connections;
using Polls.Api.Health;
using Polls.Api.Http;
using Polls.Api.RoomPolls;
using Polls.Api.Web;

namespace Polls.Api.Setup;

/// <summary>The HTTP edge: one JSON dialect, one form of errors, bounds on what comes in.</summary>
internal static class HttpSetup
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The largest honest body is a room with all its polls; everything else is far smaller.
            kestrel.Limits.MaxRequestBodySize = 2 * 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            // As in nginx. That a body comes at 240 bytes a second or more, the server sees to by itself.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            // For whoever says nothing; above the 60 s for which nginx keeps a connection, or it would meet closed ones.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        });
        services.Configure<HostOptions>(options =>
        {
            // Draining comes before and takes up to 14 s: together below the 30 s that orchestrators give.
            options.ShutdownTimeout = TimeSpan.FromSeconds(14);
            options.ServicesStartConcurrently = false;
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.AddTrustedProxies();
        services.AddCrossOrigin();
        services.AddConnectionLimit();
        services.AddProblemDetails();
        services.AddExceptionHandler<FailureAnswers>();
        services.AddHttpContextAccessor();
        services.AddApiDescription();
        builder.AddReadiness();
        services.AddOptions<PublicOptions>().BindConfiguration("Public").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RoomLinks>();
        services.AddScoped<PollActions>();
        services.AddSingleton<WebFiles>();
    }
}
