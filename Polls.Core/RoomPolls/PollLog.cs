using Microsoft.Extensions.Logging;

namespace Polls.Core.RoomPolls;

/// <summary>What the loops around polls log. Event ids 1100 to 1199.</summary>
internal static partial class PollLog
{
    [LoggerMessage(1100, LogLevel.Error,
        "Poll {Poll} could not be closed when its time was up; the timer tries again.")]
    public static partial void CloseFailed(ILogger log, Exception exception, Guid poll);
}
