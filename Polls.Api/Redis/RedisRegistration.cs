using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Api.Limits;
using Polls.Api.Presence;
using Polls.Api.Secrets;
using Polls.Api.Sessions;

namespace Polls.Api.Redis;

/// <summary>Registers the connections between instances.</summary>
public static class RedisRegistration
{
    /// <summary>
    /// Registers backplane, sessions, presence and rate limits: in Redis if <c>ConnectionStrings:Redis</c> is set,
    /// otherwise in process. Call it before services that publish while they stop, because hosted services stop in
    /// reverse order.
    /// </summary>
    public static IHostApplicationBuilder AddPollsRedis(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<InstanceOptions>()
            .BindConfiguration(InstanceOptions.Section).ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<RoomGroups>();
        // It logs each failed connection as an error with its stack and the server's address; RedisStatus logs what
        // changes.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.StackExchangeRedis", LogLevel.None);
        var connectionString = builder.Configuration.GetConnectionString("Redis");
        if (string.IsNullOrWhiteSpace(connectionString)) services.AddInProcess();
        else services.AddRedis(connectionString);
        return builder;
    }

    private static void AddInProcess(this IServiceCollection services)
    {
        services.AddSingleton<IBackplane, InProcessBackplane>();
        services.AddSingleton<ISessions, InProcessSessions>();
        services.AddSingleton<IPresence, InProcessPresence>();
        services.AddSingleton<IRateLimiter, InProcessRateLimiter>();
    }

    private static void AddRedis(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton<IValidateOptions<RedisOptions>, RedisOptionsCheck>();
        services.AddOptions<RedisOptions>()
            .BindConfiguration(RedisOptions.Section)
            .Configure(options => options.ConnectionString = connectionString)
            .ValidateSecret(
                "ConnectionStrings:Redis", options => RedisOptionsCheck.PasswordOf(options.ConnectionString))
            .ValidateOnStart();
        services.AddSingleton<RedisConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        services.AddSingleton<IBackplane>(provider => provider.GetRequiredService<RedisConnection>());
        services.AddSingleton<HubLifetimeManager<RoomBackplane>, RedisRoomBackplane>();
        services.AddSingleton<ISessions, RedisSessions>();
        services.AddSingleton<IPresence, RedisPresence>();
        services.AddSingleton<IRateLimiter, RedisRateLimiter>();
    }
}
