namespace Polls.Api.Backplane;

/// <summary>What the in-process side of the backplane logs; event ids 3080 to 3099.</summary>
internal static partial class BackplaneLog
{
    [LoggerMessage(3080, LogLevel.Error,
        "A handler of backplane channel {Channel} failed; it stays subscribed, further failures are only counted")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string channel);
}
