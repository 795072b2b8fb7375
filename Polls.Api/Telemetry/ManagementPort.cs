using Microsoft.Extensions.Options;
using Prometheus;

namespace Polls.Api.Telemetry;

/// <summary>
/// The management port: an additional address that the server listens on. Only the port of the connection decides,
/// never the content of the request, so that no header opens the metrics to the public.
/// </summary>
internal static class ManagementPort
{
    private const string Urls = "urls";

    /// <summary>Listens on the management port and on all public addresses, however those are configured.</summary>
    public static void AddManagementPort(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var addresses = PublicAddresses(configuration);
        builder.Services.AddOptions<ManagementOptions>()
            .BindConfiguration(ManagementOptions.Section).ValidateDataAnnotations()
            .Validate(
                options =>
                    options.Port is not { } port
                    || !addresses.Any(address => ManagementOptions.PortOf(address) == port),
                "Management:Url must use a port that no public address uses.")
            .ValidateOnStart();

        if (configuration[$"{ManagementOptions.Section}:Url"] is not { } url || ManagementOptions.Parse(url) is null)
        {
            return;
        }

        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            // If Kestrel's configuration section has endpoints, the server listens only on those.
            configuration["Kestrel:Endpoints:Management:Url"] = url;
            return;
        }

        configuration[Urls] = string.Join(';', [.. addresses, url]);
        // The addresses are now endpoints. If they were also set here, each start would log a warning that they are
        // ignored.
        (configuration["http_ports"], configuration["https_ports"]) = ("", "");
    }

    /// <summary>Whether a request arrived on the management port.</summary>
    public static bool IsOnManagementPort(this HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<ManagementOptions>>().Value.Port is { } port
        && http.Connection.LocalPort == port;

    /// <summary>Answers only health and metrics on the management port, and no metrics on any other port.</summary>
    public static void UseManagementPort(this WebApplication app)
    {
        app.UseWhen(IsOnManagementPort, management =>
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

    /// <summary>The public addresses, by the framework's own rules.</summary>
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
