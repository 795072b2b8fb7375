using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Polls.Core.Votes;

namespace Polls.Api.Health;

/// <summary>
/// Checks whether PostgreSQL takes writes, at most once a second regardless of the number of callers.
/// </summary>
public sealed class DatabaseProbe(NpgsqlDataSource database, VoteQueue votes, TimeProvider clock)
    : IHealthCheck, IDisposable
{
    // Refused by a read-only server and by a standby, although it changes nothing.
    private const string ChangeNothing = "UPDATE rooms SET id = id WHERE false";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim asking = new(1, 1);
    private long askedAt;
    // Initially null: an instance starts only if PostgreSQL answered.
    private volatile string? fault;

    /// <summary>
    /// The last known fault, without waiting; see <see cref="FaultAsync"/>. Starts a new probe if it is old, so that
    /// the metric changes even without health requests.
    /// </summary>
    public string? LastFault
    {
        get
        {
            if (asking.CurrentCount > 0)
            {
                _ = FaultAsync(CancellationToken.None);
            }

            return fault;
        }
    }

    /// <summary>
    /// Null if PostgreSQL answered within two seconds and takes writes; otherwise <c>noAnswer</c>, <c>readOnly</c>,
    /// <c>diskFull</c> or <c>refused</c>.
    /// </summary>
    public async Task<string?> FaultAsync(CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (askedAt == 0 || clock.GetElapsedTime(askedAt) >= Fresh)
            {
                fault = await AskAsync();
                askedAt = clock.GetTimestamp();
            }

            return fault;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await FaultAsync(cancellationToken) is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();

    /// <inheritdoc />
    public void Dispose() => asking.Dispose();

    private async Task<string?> AskAsync()
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        try
        {
            await using var command = database.CreateCommand(ChangeNothing);
            await command.ExecuteNonQueryAsync(limit.Token);
            // Only votes that need space show that there is none.
            return votes.DiskIsFull ? "diskFull" : null;
        }
        catch (Exception exception)
            when (exception is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return exception switch
            {
                PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "readOnly",
                PostgresException => "refused",
                _ => "noAnswer",
            };
        }
    }
}
