using Microsoft.AspNetCore.Authorization;
using Polls.Api.Accounts;
using Polls.Api.Http;
using Polls.Api.Tokens;

namespace Polls.Api.Limits;

/// <summary>Applies the rule that an endpoint names, before its body is read.</summary>
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
            // Requests of a hub connection that is there already: what it says is counted by its hub.
            { Class: RateClass.Connect } when http.Request.Query.ContainsKey("id") => default,
            { ByAddress: false } limited when account is not null => limits.CheckAsync(limited.Class, account.Id, http.RequestAborted),
            var limited when caller is null || limited.ByAddress => limits.CheckAsync(limited.Class, address, http.RequestAborted),
            var limited => limits.CheckAsync(limited.Class, caller, http.RequestAborted),
        };
    }
}

/// <summary>The rule that an endpoint is under.</summary>
/// <param name="Class">Which.</param>
/// <param name="ByAddress">Whether it counts per address also when the request has a token.</param>
internal sealed record RateLimited(RateClass Class, bool ByAddress);

/// <summary>An endpoint without a rule, and why.</summary>
/// <param name="Why">For readers of the route table.</param>
internal sealed record RateUnlimited(string Why);

/// <summary>Registers and applies the limits.</summary>
public static class RateLimiting
{
    /// <summary>Adds the rules.</summary>
    public static IServiceCollection AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section)
            .Validate(
                options => options.Settings.All(setting => setting.IsValid),
                "Limits: every PerSecond must be between 0.001 and 1000000, every Burst between 1 and 1000000.")
            .ValidateOnStart();
        services.AddSingleton<RateLimits>();
        services.AddSingleton<HubRateLimits>();
        services.AddScoped<RoomDoor>();
        services.AddSingleton<KnownCodes>();
        return services;
    }

    /// <summary>Applies the rules; after authentication, since they go by token, and before authorization, since refusing costs too.</summary>
    public static IApplicationBuilder UseRateLimits(this IApplicationBuilder app) => app.UseMiddleware<RateLimitMiddleware>();

    /// <summary>Puts endpoints under a rule, counted per token.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder builder, RateClass rate)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimited(rate, ByAddress: false));

    /// <summary>Puts endpoints under a rule, counted per address.</summary>
    public static TBuilder LimitedByAddress<TBuilder>(this TBuilder builder, RateClass rate)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateLimited(rate, ByAddress: true));

    /// <summary>Says that endpoints have no rule, and why.</summary>
    public static TBuilder Unlimited<TBuilder>(this TBuilder builder, string why)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RateUnlimited(why));
}
