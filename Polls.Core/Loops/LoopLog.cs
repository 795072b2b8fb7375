using Microsoft.Extensions.Logging;

namespace Polls.Core.Loops;

/// <summary>Log messages of background loops. Event ids 1300 to 1399.</summary>
internal static partial class LoopLog
{
    [LoggerMessage(1300, LogLevel.Error, "The loop {Loop} failed. It is retried until it succeeds.")]
    public static partial void Failed(ILogger log, Exception exception, string loop);

    [LoggerMessage(1301, LogLevel.Information, "The loop {Loop} works again after {Failures} failures.")]
    public static partial void Recovered(ILogger log, string loop, int failures);

    [LoggerMessage(1302, LogLevel.Warning, "The loop {Loop} could not complete its work while the instance stopped.")]
    public static partial void Unfinished(ILogger log, Exception exception, string loop);
}
