using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Polls.Api.Health;
using Polls.Api.Tokens;
using Polls.Core.Polls;
using Polls.Core.Rooms;
using Polls.Core.Storage;

namespace Polls.Api.Setup;

/// <summary>PostgreSQL: the only truth.</summary>
internal static class StorageSetup
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DatabaseOptions>()
            .BindConfiguration("Database")
            .Configure(options => options.ConnectionString = builder.Configuration.GetConnectionString("Polls") ?? "")
            .ValidateDataAnnotations()
            .Validate(CanBuild, "ConnectionStrings:Polls is not a PostgreSQL connection string such as Host=localhost;Database=polls;Username=polls;Password=...")
            .ValidateOnStart();
        builder.Services.AddPollsStorage();
        builder.Services.AddSingleton<RoomReader>();
        builder.Services.AddSingleton<RoomCommands>();
        builder.Services.AddSingleton<PollCommands>();
        builder.Services.AddSingleton<PollLookup>();
        builder.Services.AddSingleton<DatabaseProbe>();
        builder.Services.AddSingleton<DatabasePool>();
    }

    /// <summary>Brings the schema up to date and makes the first key, before anything is served; waits a while for PostgreSQL.</summary>
    public static async Task MigrateAsync(this WebApplication app)
    {
        _ = app.Services.GetRequiredService<DatabasePool>();
        var migrator = app.Services.GetRequiredService<Migrator>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        var started = clock.GetTimestamp();
        for (var wait = TimeSpan.FromMilliseconds(100); ; wait = TimeSpan.FromMilliseconds(Math.Min(3000, wait.TotalMilliseconds * 2)))
        {
            try
            {
                await migrator.MigrateAsync(
                    _ =>
                    {
                        StoredKeyRing.EnsureKey(app.Services.GetRequiredService<IKeyManager>(), clock);
                        return Task.CompletedTask;
                    },
                    app.Lifetime.ApplicationStopping);
                return;
            }
            catch (Exception exception) when (TransientFaults.IsTransient(exception) && clock.GetElapsedTime(started) < StartLimit)
            {
                SetupLog.WaitingForStorage(app.Logger, exception.Message);
                await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()), clock, app.Lifetime.ApplicationStopping);
            }
        }
    }

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
