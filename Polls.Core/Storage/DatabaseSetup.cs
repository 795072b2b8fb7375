using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>Registers PostgreSQL: one pooled data source that EF Core and the vote path share.</summary>
public static class DatabaseSetup
{
    /// <summary>Adds the data source, the EF Core contexts and the migrator; options are bound by the caller.</summary>
    public static IServiceCollection AddPollsStorage(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var builder = new NpgsqlDataSourceBuilder(options.Build().ConnectionString);
            // Metrics name the pool by it; unnamed, it is the connection string.
            builder.Name = "polls";
            builder.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>());
            return builder.Build();
        });
        services.AddPooledDbContextFactory<PollsDb>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql
                // Exponential backoff with jitter, as EF Core does it.
                .EnableRetryOnFailure(4, TimeSpan.FromSeconds(1), errorCodesToAdd: null))
            // The migrations are written by hand, without a snapshot; a test compares schema and model.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        services.AddSingleton<Migrator>();
        return services;
    }
}
