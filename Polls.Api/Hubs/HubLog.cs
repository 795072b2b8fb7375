namespace Polls.Api.Hubs;

/// <summary>What the hub's delivery logs; event ids 3100 to 3199.</summary>
internal static partial class HubLog
{
    [LoggerMessage(3100, LogLevel.Information,
        "Connection {ConnectionId} was aborted: {Limit} messages waited for it; it gets the whole state when it reconnects")]
    public static partial void Overflowed(ILogger logger, string connectionId, int limit);

    [LoggerMessage(3101, LogLevel.Information, "Connection {ConnectionId} was aborted: writing to it failed")]
    public static partial void WriteFailed(ILogger logger, Exception exception, string connectionId);

    [LoggerMessage(3110, LogLevel.Warning,
        "Skipping hub messages of format {Version} on {Channel}: another instance runs a version that this one does not know")]
    public static partial void UnknownFormat(ILogger logger, int version, string channel);

    [LoggerMessage(3111, LogLevel.Error, "A hub message on {Channel} could not be read and was skipped; further ones are only counted")]
    public static partial void Unreadable(ILogger logger, Exception exception, string channel);

    [LoggerMessage(3112, LogLevel.Warning,
        "Hub channel {Channel} could not be subscribed; tried again at its next use or when the backplane is back")]
    public static partial void SubscribeFailed(ILogger logger, Exception exception, string channel);

    [LoggerMessage(3113, LogLevel.Warning, "Hub channel {Channel} could not be unsubscribed; its messages are ignored")]
    public static partial void UnsubscribeFailed(ILogger logger, Exception exception, string channel);

    [LoggerMessage(3114, LogLevel.Warning, "Answering another instance about connection {ConnectionId} failed")]
    public static partial void AnswerFailed(ILogger logger, Exception exception, string connectionId);
}
