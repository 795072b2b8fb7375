using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Api.Hubs;
using Polls.Api.Telemetry;
using Polls.Core;

namespace Polls.Api.Setup;

/// <summary>
/// The other origins whose pages may call this API from browsers. Bound from the section <c>Cors</c>.
/// </summary>
public sealed record CrossOriginOptions
{
    /// <summary>
    /// Origins such as <c>https://slides.example</c>, separated by commas or spaces, without a path and without
    /// <c>*</c>. Default: only the pages of this server.
    /// </summary>
    [CustomValidation(typeof(CrossOriginOptions), nameof(Check))]
    public string Origins { get; set; } = "";

    internal IEnumerable<Origin> List => Entries.Select(entry => Origin.Of(entry)!.Value);

    private IEnumerable<string> Entries =>
        Origins.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Accepts http and https origins.</summary>
    public static ValidationResult? Check(string origins)
    {
        var bad = new CrossOriginOptions { Origins = origins }.Entries
            .Where(entry => Origin.Of(entry) is null).ToList();
        return bad.Count == 0 ? ValidationResult.Success : new ValidationResult(
            "Cors:Origins must list origins such as https://slides.example, separated by commas, "
            + "each beginning with http:// or https:// "
            + $"and without a path or *; this is not one: {string.Join(", ", bad)}.");
    }
}

/// <summary>The origin of a page, in a normalized form for comparison.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    public static Origin? Of(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" }
        && uri.HostNameType is not UriHostNameType.Basic
            ? new(uri.Scheme, HostOf(uri), uri.Port)
            : null;

    /// <summary>The origin of the page at this address.</summary>
    public static Origin At(Uri page) => new(page.Scheme, HostOf(page), page.Port);

    public override string ToString() => new UriBuilder(Scheme, Host, Port).Uri.GetLeftPart(UriPartial.Authority);

    // Browsers write host names in ASCII.
    private static string HostOf(Uri uri) => uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
}

/// <summary>
/// Restricts pages of other origins. For HTTP, browsers enforce CORS. WebSockets have no CORS, so the hub checks the
/// <c>Origin</c> header. A request without the header does not come from a browser and is accepted.
/// </summary>
internal static class CrossOrigin
{
    private static readonly Refusal Foreign = new(
        "auth.wrongOrigin", "Pages of this origin must not connect to this server.", RefusalKind.Forbidden);

    public static void AddCrossOrigin(this IServiceCollection services)
    {
        services.AddOptions<CrossOriginOptions>().BindConfiguration("Cors").ValidateDataAnnotations().ValidateOnStart();
        services.AddCors();
        services.AddOptions<CorsOptions>()
            .Configure<IOptions<CrossOriginOptions>>((cors, mine) => cors.AddDefaultPolicy(policy => policy
                .WithOrigins([.. mine.Value.List.Select(origin => origin.ToString())])
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
                // SignalR's client sends the last two.
                .WithHeaders(
                    "Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Requested-With",
                    "X-SignalR-User-Agent")
                .WithExposedHeaders("Retry-After", "Content-Disposition", "ETag", RequestId.Header)
                // SignalR's client sends credentials for load-balancer cookies. Polls sets no cookie, so they give no
                // access.
                .AllowCredentials()
                .SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    public static IApplicationBuilder UseCrossOrigin(this IApplicationBuilder app)
    {
        var services = app.ApplicationServices;
        HashSet<Origin> known = [.. services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.List];
        if (services.GetRequiredService<IOptions<PublicOptions>>().Value.BaseUrl is { } home)
        {
            known.Add(Origin.At(RoomLinks.Base(home)!));
        }

        return app.UseCors().Use((http, next) =>
            http.Request.Path.StartsWithSegments(RoomHub.Path, StringComparison.OrdinalIgnoreCase)
            && !IsWelcome(http.Request, known)
                ? Foreign.ToProblem(http).ExecuteAsync(http)
                : next(http));
    }

    private static bool IsWelcome(HttpRequest request, HashSet<Origin> known) =>
        request.Headers.Origin.Count == 0
        || (Origin.Of(request.Headers.Origin.ToString()) is { } origin
            && (IsOwn(origin, request.Host) || known.Contains(origin)));

    // Ignore the scheme: behind a load balancer whose forwarded headers are not trusted, the scheme appears to be http.
    private static bool IsOwn(Origin origin, HostString host) =>
        host.HasValue && string.Equals(origin.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && origin.Port == (host.Port ?? (origin.Scheme == "https" ? 443 : 80));
}
