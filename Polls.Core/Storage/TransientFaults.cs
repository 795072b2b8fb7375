using System.Net.Sockets;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Polls.Core.Storage;

/// <summary>Which database failures may pass by themselves, and how they are retried.</summary>
public static class TransientFaults
{
    /// <summary>idle_in_transaction_session_timeout: what an instance hears that stood still in a transaction, as on a host that hangs.</summary>
    internal const string AwayTooLong = "25P03";

    /// <summary>Whether the same work has a chance a moment later: connection lost, server restarting, deadlock, out of slots.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ReadOnlySqlTransaction or AwayTooLong,
        NpgsqlException => true,
        TimeoutException or SocketException or IOException => true,
        { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    /// <summary>Whether somebody else held a row for longer than the statement was ready to wait.</summary>
    public static bool IsLockTimeout(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>Whether PostgreSQL refused the data itself, so that one row of a batch may be at fault.</summary>
    public static bool IsDataFault(Exception exception) =>
        exception is PostgresException { SqlState: ['2', '2' or '3', ..] };

    /// <summary>
    /// Exponential backoff with jitter, a handful of attempts, about two seconds in all. Not after a lock time-out: that
    /// was a wait already, and six of them are longer than any caller waits.
    /// </summary>
    public static ResiliencePipeline Retrying(TimeProvider clock) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => IsTransient(exception) && !IsLockTimeout(exception)),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromMilliseconds(600),
            MaxRetryAttempts = 5,
        })
        .Build();
}
