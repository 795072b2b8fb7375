using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>
/// Registers PostgreSQL. Each writer of votes has a connection of its own; everything else shares the rest. So a thousand
/// people who come back at once, each with a look at the own votes, do not stand between a vote and its commit.
/// </summary>
public static class DatabaseSetup
{
    /// <summary>Under this key stands the data source of the vote writers.</summary>
    public const string Votes = "votes";

    /// <summary>Adds the data sources, the EF Core contexts and the migrator; options are bound by the caller.</summary>
    /// <param name="services">The services.</param>
    /// <param name="voteWriters">The number of vote writers, each with a connection of its own.</param>
    public static IServiceCollection AddPollsStorage(this IServiceCollection services, Func<IServiceProvider, int> voteWriters)
    {
        services.AddSingleton(provider => Open(provider, "polls", voteWriters, (all, votes) => all - votes));
        services.AddKeyedSingleton(Votes, (provider, _) => Open(provider, Votes, voteWriters, (_, votes) => votes));
        services.AddPooledDbContextFactory<PollsDb>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql
                // Exponential backoff with jitter, as EF Core does it.
                .EnableRetryOnFailure(4, TimeSpan.FromSeconds(1), errorCodesToAdd: [TransientFaults.AwayTooLong]))
            // A test compares the model with the snapshot; here the comparison would build the whole model again at every start.
            // And where rows are only counted up to a limit, it does not matter which.
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
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // Metrics name the pool by it; unnamed, it is the connection string.
        builder.Name = name;
        builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
        return builder.Build();
    }
}
