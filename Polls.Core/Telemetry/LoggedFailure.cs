using System.Data.Common;
using System.Net.Sockets;

namespace Polls.Core.Telemetry;

/// <summary>What the log says about a failure.</summary>
public static class LoggedFailure
{
    /// <summary>The failure in one line: what PostgreSQL or the connection to it said, or the message.</summary>
    public static string Reason(Exception exception)
    {
        var told = Chain(exception).FirstOrDefault(failure => failure is DbException) ?? exception;
        var reason = told is { InnerException: { } cause } ? $"{told.Message} ({cause.Message})" : told.Message;
        return reason.ReplaceLineEndings(" ").Trim().TrimEnd('.');
    }

    /// <summary>
    /// The exception whose stack the log shows: none for a failure of PostgreSQL or of a connection, because the place
    /// in the code explains nothing about it.
    /// </summary>
    public static Exception? Shown(Exception exception) =>
        Chain(exception).Any(failure => failure is DbException or TimeoutException or SocketException or IOException)
            ? null
            : exception;

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var failure = exception; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}
