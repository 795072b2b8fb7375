using Microsoft.Extensions.Logging;
using Polls.Core.Telemetry;

namespace Polls.Core.Loops;

/// <summary>Log messages of background loops. Event ids 1300 to 1399.</summary>
internal static partial class LoopLog
{
    public static void Failed(ILogger log, Exception exception, string loop) =>
        Failed(log, LoggedFailure.Shown(exception), loop, LoggedFailure.Reason(exception));

    public static void Unfinished(ILogger log, Exception exception, string loop) =>
        Unfinished(log, LoggedFailure.Shown(exception), loop, LoggedFailure.Reason(exception));

    [LoggerMessage(1301, LogLevel.Information, "The loop {Loop} works again after {Failures} failures.")]
    public static partial void Recovered(ILogger log, string loop, int failures);

    [LoggerMessage(1300, LogLevel.Error, "The loop {Loop} failed and is retried until it succeeds: {Reason}")]
    private static partial void Failed(ILogger log, Exception? shown, string loop, string reason);

    [LoggerMessage(
        1302, LogLevel.Warning, "The loop {Loop} could not complete its work while the instance stopped: {Reason}")]
    private static partial void Unfinished(ILogger log, Exception? shown, string loop, string reason);
}
