namespace Polls.Api.Http;

/// <summary>What the HTTP layer logs. Event ids 2000 to 2099.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(
        2000, LogLevel.Warning,
        "A request failed because PostgreSQL did not do its work: {Reason}. {Others} failed since the last such line.")]
    public static partial void StorageFailed(ILogger log, string reason, int others);

    [LoggerMessage(2001, LogLevel.Error, "A call of {Method} failed.")]
    public static partial void CallFailed(ILogger log, string method, Exception exception);

    [LoggerMessage(2002, LogLevel.Error, "A request of {Route} failed.")]
    public static partial void RequestFailed(ILogger log, string route, Exception exception);

    [LoggerMessage(2003, LogLevel.Information, "A request was cut short before its work was done: {Reason}")]
    public static partial void CutShort(ILogger log, string reason);
}
