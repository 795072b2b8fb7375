using Microsoft.Extensions.Options;
using Prometheus;

namespace Polls.Api.Telemetry;

/// <summary>
/// The management port: one more address that the server listens on. Which port a connection came in on decides, never
/// what the request says of itself, so that no header opens the metrics to the public.
/// </summary>
internal static class ManagementPort
{
    private const string Urls = "urls";

    /// <summary>Listens there, beside all public addresses, however those are configured.</summary>
    public static void AddManagementPort(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var addresses = PublicAddresses(configuration);
        builder.Services.AddOptions<ManagementOptions>().BindConfiguration(ManagementOptions.Section).ValidateDataAnnotations()
            .Validate(
                options => options.Port is not { } port || !addresses.Any(address => ManagementOptions.PortOf(address) == port),
                "Management:Url must have a port of its own, which no public address has.")
            .ValidateOnStart();

        if (configuration[$"{ManagementOptions.Section}:Url"] is not { } url || ManagementOptions.Parse(url) is null)
        {
            return;
        }

        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            // Where Kestrel's own section names endpoints, it listens on those only.
            configuration["Kestrel:Endpoints:Management:Url"] = url;
            return;
        }

        configuration[Urls] = string.Join(';', [.. addresses, url]);
        // They are among the addresses now; left here, every start would warn that they are ignored.
        (configuration["http_ports"], configuration["https_ports"]) = ("", "");
    }

    /// <summary>On the management port only health and metrics are answered; on every other port there are no metrics.</summary>
    public static void UseManagementPort(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<ManagementOptions>>().Value.Port is not { } port)
        {
            return;
        }

        app.UseWhen(http => http.Connection.LocalPort == port, management =>
        {
            management.MapWhen(
                http => http.Request.Path == "/metrics" && HttpMethods.IsGet(http.Request.Method),
                metrics => metrics.UseMetricServer(
                    server =>
                    {
                        server.Registry = app.Services.GetRequiredService<CollectorRegistry>();
                        server.EnableOpenMetrics = false;
                    },
                    url: null));
            management.Use((http, next) =>
            {
                if (http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
                {
                    return next(http);
                }

                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Where the server listens without a management port, by the framework's own rules.</summary>
    private static List<string> PublicAddresses(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints");
        List<string> addresses = endpoints.Exists()
            ? [.. endpoints.GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>()]
            : Each(configuration[Urls]);
        if (addresses.Count == 0)
        {
            addresses = [.. Each(configuration["http_ports"]).Select(port => $"http://*:{port}"),
                .. Each(configuration["https_ports"]).Select(port => $"https://*:{port}")];
        }

        return addresses.Count > 0 ? addresses : ["http://localhost:5000"];

        static List<string> Each(string? list) =>
            [.. (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }
}
