using Microsoft.Extensions.Logging;

namespace Polls.Core.Polls;

/// <summary>What the loops around polls log. Event ids 1100 to 1199.</summary>
internal static partial class PollLog
{
    [LoggerMessage(1100, LogLevel.Error, "Timed polls cannot be closed at present; trying again until they can.")]
    public static partial void TimerFailed(ILogger log, Exception exception);
}
