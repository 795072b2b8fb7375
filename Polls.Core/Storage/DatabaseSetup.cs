using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>
/// Registers PostgreSQL. Each vote writer has its own connection; everything else shares the rest. So a thousand people
/// who reconnect at once, and read their votes, do not delay a commit.
/// </summary>
public static class DatabaseSetup
{
    /// <summary>The service key of the vote writers' data source.</summary>
    public const string Votes = "votes";

    /// <summary>Adds the data sources, the EF Core contexts and the migrator. The caller binds the options.</summary>
    /// <param name="services">The services.</param>
    /// <param name="voteWriters">The number of vote writers, each with its own connection.</param>
    public static IServiceCollection AddPollsStorage(
        this IServiceCollection services, Func<IServiceProvider, int> voteWriters)
    {
        services.AddSingleton(provider => Open(provider, "polls", voteWriters, (all, votes) => all - votes));
        services.AddKeyedSingleton(Votes, (provider, _) => Open(provider, Votes, voteWriters, (_, votes) => votes));
        services.AddPooledDbContextFactory<PollsDb>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql
                // EF Core's exponential backoff with jitter.
                .EnableRetryOnFailure(4, TimeSpan.FromSeconds(1), errorCodesToAdd: [TransientFaults.AwayTooLong]))
            .AddInterceptors(new FreshCommands())
            // A test compares the model with the snapshot; comparing here would build the whole model again at every
            // start. Queries that count rows up to a limit need no order.
            .ConfigureWarnings(warnings => warnings.Ignore(
                RelationalEventId.PendingModelChangesWarning, CoreEventId.RowLimitingOperationWithoutOrderByWarning)));
        services.AddSingleton<Migrator>();
        return services;
    }

    private static NpgsqlDataSource Open(
        IServiceProvider provider, string name, Func<IServiceProvider, int> voteWriters, Func<int, int, int> share)
    {
        var settings = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Build();
        var votes = Math.Min(voteWriters(provider), settings.MaxPoolSize - 1);
        settings.MaxPoolSize = share(settings.MaxPoolSize, votes);
        // The first votes after a pause must not wait for new connections.
        settings.MinPoolSize = name == Votes
            ? settings.MaxPoolSize : Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // The name of the pool in metrics. By default it is the connection string.
        builder.Name = name;
        builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
        return builder.Build();
    }
}
