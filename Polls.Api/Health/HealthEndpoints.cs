using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.Limits;
using Polls.Api.LiveRooms;
using Polls.Api.Telemetry;
using Polls.Api.Tokens;
using FrameworkReport = Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport;

namespace Polls.Api.Health;

/// <summary>Health endpoints for orchestrators, load balancers and people.</summary>
public static class HealthEndpoints
{
    /// <summary>
    /// Adds the checks of <c>/health/ready</c>. The response names the first check that fails as the reason.
    /// </summary>
    public static void AddReadiness(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<DrainCheck>("stopping").AddCheck<DatabaseProbe>("database");
        // It would log an error for every failed probe. The components log their own state changes.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    /// <summary>Maps <c>/health</c>, <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health")
            .ForAnyone("load balancers and orchestrators have no token, and the response contains no personal data")
            .Unlimited("called by load balancers and orchestrators; cheap, and limited by nginx");
        health.MapHealthChecks("/live", Answering(_ => false, _ => new Liveness("live")))
            .DescribedAs<Liveness>("liveness", "200 while the process runs.", StatusCodes.Status200OK);
        health.MapHealthChecks("/ready", Answering(_ => true, Readiness.Of))
            .DescribedAs<Readiness>(
                "readiness", "200 while this instance can serve, 503 while it cannot.", StatusCodes.Status200OK,
                StatusCodes.Status503ServiceUnavailable);
        health.MapGet("/", ReportAsync)
            .WithName("health").WithSummary("The state of this instance and of its dependencies.")
            .Produces<HealthReport>().Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
        return routes;
    }

    private static HealthCheckOptions Answering<TAnswer>(
        Func<HealthCheckRegistration, bool> which, Func<FrameworkReport, TAnswer> answer) =>
        new()
        {
            Predicate = which,
            ResponseWriter = (http, report) => http.Response.WriteAsJsonAsync(answer(report), http.RequestAborted),
        };

    // The framework derives the description of a route handler from its signature. A health check must declare it.
    private static void DescribedAs<TAnswer>(
        this IEndpointConventionBuilder check, string name, string summary, params int[] statuses) =>
        check
            .WithName(name).WithSummary(summary)
            .WithMetadata(
                typeof(RequestDelegate).GetMethod(nameof(RequestDelegate.Invoke))!,
                new HttpMethodMetadata([HttpMethods.Get]))
            .WithMetadata([.. statuses.Select(status =>
                new ProducesResponseTypeMetadata(status, typeof(TAnswer), ["application/json"]))]);

    private static async Task<IResult> ReportAsync(
        HttpContext http, DatabaseProbe database, DatabasePool pool, IBackplane backplane, LiveRoomDirectory rooms,
        IOptions<InstanceOptions> instance, CancellationToken cancellationToken)
    {
        // Strangers need to know neither which commit to look for faults in, nor how close the pool is to its limit.
        var isPrivate = http.IsOnManagementPort();
        var fault = await database.FaultAsync(cancellationToken);
        var status = fault is not null
            ? "unhealthy"
            : backplane.State == BackplaneState.Disconnected ? "degraded" : "healthy";
        var report = new HealthReport(
            status, instance.Value.Id, BuildInfo.Version, isPrivate ? BuildInfo.Commit : null,
            isPrivate ? BuildInfo.BuiltAt : null,
            new DatabaseHealth(fault is null ? "up" : "down", fault, isPrivate ? pool.Read() : null),
            backplane.State switch
            {
                BackplaneState.InProcess => new RedisState("off", null),
                BackplaneState.Connected => new RedisState("up", null),
                _ => new RedisState("down", backplane.LastError),
            },
            backplane.State == BackplaneState.Connected, rooms.Connections);
        return TypedResults.Json(
            report, statusCode: fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The state of the process.</summary>
public sealed record Liveness(string Status);

/// <summary>Whether the instance can serve requests. If not, the reason.</summary>
public sealed record Readiness(string Status, string? Reason)
{
    internal static Readiness Of(FrameworkReport report) => report.Status == HealthStatus.Healthy
        ? new("ready", null)
        : new("notReady", report.Entries.First(check => check.Value.Status != HealthStatus.Healthy).Key);
}

/// <summary>The state of an instance.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> (Redis is unavailable or refuses writes) or <c>unhealthy</c>
/// (PostgreSQL is unavailable or takes no writes).</param>
/// <param name="InstanceId">The id of this instance.</param>
/// <param name="Version">The product's version.</param>
/// <param name="Commit">The commit of the build, if known; on the management port only.</param>
/// <param name="BuiltAt">The build time of the image, if it was passed to the build; on the management port only.
/// </param>
/// <param name="Database">The state of PostgreSQL.</param>
/// <param name="Redis">The state of Redis.</param>
/// <param name="UsingRedisBackplane">Whether messages reach other instances through Redis.</param>
/// <param name="Connections">The number of hub connections on this instance.</param>
public sealed record HealthReport(
    string Status, string InstanceId, string Version, string? Commit, string? BuiltAt, DatabaseHealth Database,
    RedisState Redis, bool UsingRedisBackplane, int Connections);

/// <summary>
/// <c>up</c> or <c>down</c>; if down, the reason: <c>noAnswer</c>, <c>readOnly</c> (also a standby), <c>diskFull</c> or
/// <c>refused</c>; and, on the management port only, the connection pool.
/// </summary>
public sealed record DatabaseHealth(string Status, string? Reason, PoolFigures? Pool);

/// <summary>
/// <c>up</c>, <c>down</c>, or <c>off</c> if Redis is not configured. If down, the last failure, such as
/// <c>refused (OOM)</c>, without addresses.
/// </summary>
public sealed record RedisState(string Status, string? Reason);
