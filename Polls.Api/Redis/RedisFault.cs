using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>Tells what went wrong in words that are safe to show: no address, no password, no data.</summary>
internal static class RedisFault
{
    private static readonly string[] AuthenticationCodes = ["NOAUTH", "WRONGPASS", "invalid password"];

    /// <summary>Whether the exception is one of the ways in which Redis can be away.</summary>
    public static bool Is(Exception exception) =>
        exception is RedisException or TimeoutException or ObjectDisposedException or IOException;

    public static string Describe(Exception exception) => exception switch
    {
        TimeoutException => "timed out",
        _ when AuthenticationCodes.Any(code => exception.Message.Contains(code, StringComparison.OrdinalIgnoreCase))
            => "authentication failed",
        RedisConnectionException connection => $"no connection ({connection.FailureType})",
        RedisServerException server => $"refused ({Code(server.Message)})",
        _ => exception.GetType().Name,
    };

    /// <summary>A server error starts with its code; what follows may hold data.</summary>
    private static string Code(string message) => message.Split(' ', 2)[0];
}
