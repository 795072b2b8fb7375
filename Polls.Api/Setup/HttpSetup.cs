using Polls.Api.Connections;
using Polls.Api.Health;
using Polls.Api.Http;
using Polls.Api.Results;
using Polls.Api.RoomPolls;
using Polls.Api.Web;

namespace Polls.Api.Setup;

/// <summary>Configures HTTP: JSON, errors and request limits.</summary>
internal static class HttpSetup
{
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The largest valid body is a room with all its polls. All other bodies are far smaller.
            kestrel.Limits.MaxRequestBodySize = 2 * 1024 * 1024;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            // The same limit as in nginx. Kestrel's default minimum rate of 240 bytes a second applies to the body.
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            // For idle clients. Longer than the 60 s for which nginx keeps a connection; otherwise nginx would reuse
            // closed connections.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        });
        services.Configure<HostOptions>(options =>
        {
            // Draining comes first and takes up to 12 s. Together they stay below the 30 s that orchestrators allow.
            options.ShutdownTimeout = TimeSpan.FromSeconds(14);
            options.ServicesStartConcurrently = false;
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.AddTrustedProxies();
        services.AddCrossOrigin();
        services.AddConnectionLimit();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = problem =>
            problem.ProblemDetails.Extensions["requestId"] = problem.HttpContext.TraceIdentifier);
        services.AddExceptionHandler<FailureAnswers>();
        services.AddHttpContextAccessor();
        services.AddApiDescription();
        builder.AddReadiness();
        services.AddOptions<PublicOptions>().BindConfiguration("Public").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RoomLinks>();
        services.AddSingleton<ExportSlots>();
        services.AddScoped<PollActions>();
        services.AddSingleton<WebFiles>();
        services.AddSingleton<SharedPages>();
    }
}
