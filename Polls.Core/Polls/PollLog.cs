using Microsoft.Extensions.Logging;

namespace Polls.Core.Polls;

/// <summary>Log messages about polls. Event ids 1100 to 1199.</summary>
internal static partial class PollLog
{
    [LoggerMessage(1100, LogLevel.Error, "Timed polls cannot be closed at present; trying again until they can.")]
    public static partial void TimerFailed(ILogger log, Exception exception);
}
