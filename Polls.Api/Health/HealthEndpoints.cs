using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.Limits;
using Polls.Api.LiveRooms;
using Polls.Api.Tokens;
using FrameworkReport = Microsoft.Extensions.Diagnostics.HealthChecks.HealthReport;

namespace Polls.Api.Health;

/// <summary>What orchestrators, balancers and people ask an instance about itself.</summary>
public static class HealthEndpoints
{
    /// <summary>Adds what <c>/health/ready</c> checks. The name of the first check that fails is the reason it gives.</summary>
    public static void AddReadiness(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<DrainCheck>("stopping").AddCheck<DatabaseProbe>("database");
        // It would log an error for every failed probe; the causes log their own transitions.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    /// <summary>Maps <c>/health</c>, <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health")
            .ForAnyone("balancers and orchestrators have no token, and nothing here is about people").Unlimited("asked by balancers and orchestrators, and cheap; nginx limits it");
        health.MapHealthChecks("/live", Answering(_ => false, _ => new Liveness("live")))
            .DescribedAs<Liveness>("liveness", "200 while the process runs.", StatusCodes.Status200OK);
        health.MapHealthChecks("/ready", Answering(_ => true, Readiness.Of))
            .DescribedAs<Readiness>(
                "readiness", "200 while this instance can serve, 503 while it cannot.", StatusCodes.Status200OK, StatusCodes.Status503ServiceUnavailable);
        health.MapGet("/", ReportAsync).WithName("health").WithSummary("How this instance is, and what it depends on.")
            .Produces<HealthReport>().Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
        return routes;
    }

    private static HealthCheckOptions Answering<TAnswer>(Func<HealthCheckRegistration, bool> which, Func<FrameworkReport, TAnswer> answer) => new()
    {
        Predicate = which,
        ResponseWriter = (http, report) => http.Response.WriteAsJsonAsync(answer(report), http.RequestAborted),
    };

    // The framework reads the description of a route handler from its code; a health check has to state it.
    private static void DescribedAs<TAnswer>(this IEndpointConventionBuilder check, string name, string summary, params int[] statuses) => check
        .WithName(name).WithSummary(summary)
        .WithMetadata(typeof(RequestDelegate).GetMethod(nameof(RequestDelegate.Invoke))!, new HttpMethodMetadata([HttpMethods.Get]))
        .WithMetadata([.. statuses.Select(status => new ProducesResponseTypeMetadata(status, typeof(TAnswer), ["application/json"]))]);

    private static async Task<IResult> ReportAsync(
        DatabaseProbe database, DatabasePool pool, IBackplane backplane, LiveRoomDirectory rooms, IOptions<InstanceOptions> instance,
        CancellationToken cancellationToken)
    {
        var databaseAnswers = await database.AnswersAsync(cancellationToken);
        var status = !databaseAnswers ? "unhealthy" : backplane.State == BackplaneState.Disconnected ? "degraded" : "healthy";
        var report = new HealthReport(
            status, instance.Value.Id, BuildInfo.Version, BuildInfo.Commit, BuildInfo.BuiltAt,
            new DatabaseHealth(databaseAnswers ? "up" : "down", pool.Read()),
            new RedisState(backplane.State switch
            {
                BackplaneState.InProcess => "off",
                BackplaneState.Connected => "up",
                _ => "down",
            }),
            backplane.State == BackplaneState.Connected, rooms.Connections);
        return TypedResults.Json(
            report, statusCode: databaseAnswers ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}

/// <summary>The process runs.</summary>
public sealed record Liveness(string Status);

/// <summary>Whether the instance can serve; if not, what it waits for.</summary>
public sealed record Readiness(string Status, string? Reason)
{
    internal static Readiness Of(FrameworkReport report) => report.Status == HealthStatus.Healthy
        ? new("ready", null)
        : new("notReady", report.Entries.First(check => check.Value.Status != HealthStatus.Healthy).Key);
}

/// <summary>How an instance is.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> (Redis is away) or <c>unhealthy</c> (PostgreSQL is).</param>
/// <param name="InstanceId">This instance.</param>
/// <param name="Version">The product's version.</param>
/// <param name="Commit">What it was built from, when the build knew.</param>
/// <param name="BuiltAt">When its image was built; absent for a build that nobody gave a time.</param>
/// <param name="Database">PostgreSQL.</param>
/// <param name="Redis">Redis.</param>
/// <param name="UsingRedisBackplane">Whether news reach other instances through Redis at present.</param>
/// <param name="Connections">Hub connections on this instance.</param>
public sealed record HealthReport(
    string Status, string InstanceId, string Version, string? Commit, string? BuiltAt, DatabaseHealth Database, RedisState Redis,
    bool UsingRedisBackplane, int Connections);

/// <summary><c>up</c> or <c>down</c>, and the connection pool.</summary>
public sealed record DatabaseHealth(string Status, PoolFigures Pool);

/// <summary><c>up</c>, <c>down</c>, or <c>off</c> when none is configured.</summary>
public sealed record RedisState(string Status);
