namespace Polls.Api.Instance;

/// <summary>What a stopping instance logs. Event ids 2300 to 2399.</summary>
internal static partial class InstanceLog
{
    [LoggerMessage(2300, LogLevel.Information,
        "Asked to stop: not ready from now on, {Connections} connections are told to move")]
    public static partial void Draining(ILogger log, int connections);

    [LoggerMessage(2301, LogLevel.Information, "Connections told; {Connections} have not left")]
    public static partial void Drained(ILogger log, int connections);

    [LoggerMessage(2303, LogLevel.Information, "Stopped in good order")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(2302, LogLevel.Error, "Draining failed; stopping without it")]
    public static partial void DrainFailed(ILogger log, Exception exception);
}
