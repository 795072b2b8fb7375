using System.Net.Sockets;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Polls.Core.Storage;

/// <summary>Which database failures are transient, and how to retry them.</summary>
public static class TransientFaults
{
    /// <summary>
    /// idle_in_transaction_session_timeout: the instance was idle in a transaction for too long, as on a host that
    /// hangs.
    /// </summary>
    internal const string AwayTooLong = "25P03";

    /// <summary>
    /// Whether a retry can succeed: connection lost, server restarting, deadlock, no free connection slot.
    /// </summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction or AwayTooLong,
        NpgsqlException => true,
        TimeoutException or SocketException or IOException => true,
        _ when IsOutOfStep(exception) => true,
        { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    // Npgsql 10.0.3 forgets what a statement returns if PostgreSQL refuses it at the Bind of the execution that
    // prepares it (SELECT ... FOR UPDATE on a read-only server, text with a NUL). Its next execution on that connection
    // fails with this exception and closes the connection.
    private static bool IsOutOfStep(Exception exception) =>
        exception.GetType() == typeof(Exception)
        && exception.Message.StartsWith("Received unexpected backend message", StringComparison.Ordinal);

    /// <summary>Whether the wait for a row lock timed out.</summary>
    public static bool IsLockTimeout(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>Whether PostgreSQL could not write because its disk is full.</summary>
    public static bool IsDiskFull(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    /// <summary>Whether PostgreSQL refused the data, so that one row of a batch may be invalid.</summary>
    public static bool IsDataFault(Exception exception) =>
        exception is PostgresException { SqlState: ['2', '2' or '3', ..] };

    /// <summary>
    /// Exponential backoff with jitter: a few attempts, about two seconds in total. Does not retry after a lock
    /// time-out: that was already a wait, and six of them take longer than any caller waits.
    /// </summary>
    public static ResiliencePipeline Retrying(TimeProvider clock) =>
        new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder()
                    .Handle<Exception>(exception => IsTransient(exception) && !IsLockTimeout(exception)),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(50),
                MaxDelay = TimeSpan.FromMilliseconds(600),
                MaxRetryAttempts = 5,
            })
            .Build();
}
