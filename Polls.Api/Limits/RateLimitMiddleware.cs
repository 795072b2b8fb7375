using Microsoft.AspNetCore.Authorization;
using Polls.Api.Http;
using Polls.Api.Tokens;

namespace Polls.Api.Limits;

/// <summary>Applies an endpoint's rate limit before the request body is read.</summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata is { } metadata && await CheckAsync(http, metadata) is { } refusal)
        {
            await refusal.ToProblem(http).ExecuteAsync(http);
            return;
        }

        await next(http);
    }

    private ValueTask<Core.Refusal?> CheckAsync(HttpContext http, EndpointMetadataCollection metadata)
    {
        var address = http.Connection.RemoteIpAddress;
        var caller = Caller.From(http.User);
        var account = AccountCaller.From(http.User);
        if (caller is null && account is null && metadata.GetMetadata<IAuthorizeData>() is not null)
        {
            return limits.CheckAsync(RateClass.Refused, address, http.RequestAborted);
        }

        return metadata.GetMetadata<RateLimited>() switch
        {
            null => default,
            // A request of an existing hub connection: the hub counts its calls.
            { Class: RateClass.Connect } when http.Request.Query.ContainsKey("id") => default,
            { ByAddress: false } limited when account is not null =>
                limits.CheckAsync(limited.Class, account.Id, http.RequestAborted),
            var limited when caller is null || limited.ByAddress =>
                limits.CheckAsync(limited.Class, address, http.RequestAborted),
            var limited => limits.CheckAsync(limited.Class, caller, http.RequestAborted),
        };
    }
}

/// <summary>The rate limit of an endpoint.</summary>
/// <param name="Class">The class of the rule.</param>
/// <param name="ByAddress">Whether to count per address even if the request has a token.</param>
internal sealed record RateLimited(RateClass Class, bool ByAddress);

/// <summary>Marks an endpoint without a rate limit.</summary>
/// <param name="Why">The reason, for readers of the route table.</param>
internal sealed record RateUnlimited(string Why);

/// <summary>Registers and applies the rate limits.</summary>
public static class RateLimiting
{
    /// <summary>Adds the services and options.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section)
            .Validate(
                options => options.Settings.All(setting => setting.IsValid),
                "Limits: every PerSecond must be between 0.001 and 1000000, every Burst between 1 and 1000000.")
            .ValidateOnStart();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<ProofOfWork>();
        services.AddScoped<RoomCodeGuard>();
        services.AddSingleton<RecentRoomCodes>();
        return services;
    }

    /// <summary>
    /// Applies the rules. Belongs after authentication, which provides keys, and before authorization, which has a
    /// cost.
    /// </summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) =>
        app.UseMiddleware<RateLimitMiddleware>();

    /// <summary>Limits endpoints, counted per token.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder builder, RateClass rate)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimited(rate, ByAddress: false));

    /// <summary>Limits endpoints, counted per address.</summary>
    public static TBuilder LimitedByAddress<TBuilder>(this TBuilder builder, RateClass rate)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimited(rate, ByAddress: true));

    /// <summary>Declares that endpoints have no rate limit, and why.</summary>
    public static TBuilder Unlimited<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateUnlimited(why));
}
