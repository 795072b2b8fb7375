using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Polls.Api.Health;
using Polls.Api.Secrets;
using Polls.Api.Tokens;
using Polls.Core.Audit;
using Polls.Core.Loops;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Seats;
using Polls.Core.Storage;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Api.Setup;

/// <summary>Registers PostgreSQL storage and prepares it at start.</summary>
internal static class StorageSetup
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(3);

    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatabaseOptions>()
            .BindConfiguration("Database")
            .Configure(options => options.ConnectionString = builder.Configuration.GetConnectionString("Polls") ?? "")
            .ValidateDataAnnotations()
            .Validate(
                CanBuild,
                "ConnectionStrings:Polls is not a PostgreSQL connection string such as "
                    + "Host=localhost;Database=polls;Username=polls;Password=...")
            .ValidateSecret("ConnectionStrings:Polls", options => CanBuild(options) ? options.Build().Password : null)
            .ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddPollsStorage(provider =>
            provider.GetRequiredService<IOptions<VoteOptions>>().Value.Writers);
        builder.Services.AddSingleton<TallyReader>();
        builder.Services.AddSingleton<EntryPages>();
        builder.Services.AddSingleton<RoomReader>();
        builder.Services.AddSingleton<ResultsReader>();
        builder.Services.AddSingleton<AuditTrail>();
        builder.Services.AddSingleton<SeatBook>();
        builder.Services.AddSingleton<RoomCapacity>();
        builder.Services.AddSingleton<JoinBatches>();
        builder.Services.AddSingleton<RoomCommands>();
        builder.Services.AddSingleton<OwnedRooms>();
        builder.Services.AddSingleton<CoHosts>();
        builder.Services.AddSingleton<Attendance>();
        builder.Services.AddSingleton<Discards>();
        builder.Services.AddSingleton<PollCommands>();
        builder.Services.AddSingleton<EntryCommands>();
        builder.Services.AddSingleton<PollLookup>();
        builder.Services.AddSingleton<DatabaseProbe>();
        builder.Services.AddSingleton<DatabasePool>();
    }

    /// <summary>
    /// Ensures before the first request that the schema is up to date and that a first key exists. Migrates, or waits
    /// for another process to migrate if <c>Database:MigrateAtStart</c> is false. Waits for PostgreSQL for a limited
    /// time.
    /// </summary>
    /// <param name="app">The starting application.</param>
    /// <param name="migrate">Whether this process was started to migrate, regardless of
    /// <c>Database:MigrateAtStart</c>.</param>
    /// <returns>False when PostgreSQL or the schema is not ready in time, or access is denied; the reason has been
    /// logged.</returns>
    public static async Task<bool> IsStorageReadyAsync(this WebApplication app, bool migrate)
    {
        _ = app.Services.GetRequiredService<DatabasePool>();
        var migrator = app.Services.GetRequiredService<Migrator>();
        var options = app.Services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        var clock = app.Services.GetRequiredService<TimeProvider>();
        Func<Func<CancellationToken, Task>, CancellationToken, Task> prepare =
            migrate || options.MigrateAtStart ? migrator.MigrateAsync : migrator.VerifyAsync;
        var started = clock.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            try
            {
                await prepare(
                    _ =>
                    {
                        app.Services.GetRequiredService<KeyRing>().Prepare();
                        return Task.CompletedTask;
                    },
                    app.Lifetime.ApplicationStopping);
                SetupLog.StorageReady(app.Logger);
                return true;
            }
            catch (Exception exception)
                when (MayPass(exception) && clock.GetElapsedTime(started).TotalSeconds < options.StartTimeoutSeconds)
            {
                SetupLog.WaitingForStorage(app.Logger, exception.Message);
                await Task.Delay(
                    Backoff.After(failures, FirstBackoff, LongestBackoff), clock, app.Lifetime.ApplicationStopping);
            }
            catch (KeyRingUnreadableException exception)
            {
                SetupLog.KeyRingUnreadable(app.Logger, exception.Message);
                return false;
            }
            catch (Exception exception) when (exception is NpgsqlException || MayPass(exception))
            {
                SetupLog.StorageNotReady(app.Logger, exception.Message);
                return false;
            }
        }
    }

    private static bool MayPass(Exception exception) =>
        exception is SchemaOutdatedException || TransientFaults.IsTransient(exception);

    private static bool CanBuild(DatabaseOptions options)
    {
        try
        {
            return options.Build().Host is not null || options.ConnectionString.Length == 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
