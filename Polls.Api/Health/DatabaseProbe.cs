using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Polls.Api.Health;

/// <summary>Checks whether PostgreSQL answers, at most once a second regardless of the number of callers.</summary>
public sealed class DatabaseProbe(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim asking = new(1, 1);
    private long askedAt;
    // Initially true: an instance starts only if PostgreSQL answered.
    private volatile bool answered = true;

    /// <summary>
    /// The last known state, without waiting. Starts a new probe if the state is old, so that the metric changes even
    /// without health requests.
    /// </summary>
    public bool AnsweredLast
    {
        get
        {
            if (asking.CurrentCount > 0)
            {
                _ = AnswersAsync(CancellationToken.None);
            }

            return answered;
        }
    }

    /// <summary>Returns true if PostgreSQL answered within two seconds.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (askedAt == 0 || clock.GetElapsedTime(askedAt) >= Fresh)
            {
                answered = await AskAsync();
                askedAt = clock.GetTimestamp();
            }

            return answered;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await AnswersAsync(cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();

    /// <inheritdoc />
    public void Dispose() => asking.Dispose();

    private async Task<bool> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            return await command.ExecuteScalarAsync(limit.Token) is 1;
        }
        catch (Exception exception)
            when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return false;
        }
    }
}
