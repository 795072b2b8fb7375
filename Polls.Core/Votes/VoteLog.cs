using Microsoft.Extensions.Logging;
using Polls.Core.Telemetry;

namespace Polls.Core.Votes;

/// <summary>Log messages of the vote path. Event ids 1000 to 1099.</summary>
internal static partial class VoteLog
{
    public static void BatchFailed(ILogger log, Exception exception, int votes) =>
        BatchFailed(log, LoggedFailure.Shown(exception), votes, LoggedFailure.Reason(exception));

    public static void StorageIsAway(ILogger log, Exception exception) =>
        StorageIsAway(log, LoggedFailure.Reason(exception));

    [LoggerMessage(1002, LogLevel.Information, "PostgreSQL takes votes again.")]
    public static partial void StorageIsBack(ILogger log);

    [LoggerMessage(1003, LogLevel.Error, "PostgreSQL refused a single vote for what it says; its voter was told so.")]
    public static partial void VoteRejected(ILogger log, Exception exception);

    [LoggerMessage(1000, LogLevel.Error, "A batch of {Votes} votes failed; its voters were told to repeat: {Reason}")]
    private static partial void BatchFailed(ILogger log, Exception? shown, int votes, string reason);

    [LoggerMessage(
        1001, LogLevel.Error, "PostgreSQL does not take votes; voters are told to repeat until it does: {Reason}")]
    private static partial void StorageIsAway(ILogger log, string reason);
}
