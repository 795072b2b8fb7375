using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>Tells what went wrong in words that are safe to show: no address, no password, no data.</summary>
internal static class RedisFault
{
    /// <summary>A call that was not made because so many are under way.</summary>
    public const string TooManyCalls = "too many calls under way";

    private const string TimedOut = "timed out";
    private const string NotAuthenticated = "authentication failed";
    private static readonly string[] AuthenticationCodes = ["NOAUTH", "WRONGPASS", "invalid password"];

    /// <summary>What <see cref="Describe(Exception)"/> says of the usual faults; a refusal's code and an odd exception's name may join them.</summary>
    public static IReadOnlyList<string> Usual { get; } =
        [TooManyCalls, TimedOut, NotAuthenticated, .. Enum.GetValues<ConnectionFailureType>().Select(NoConnection).Distinct()];

    /// <summary>Whether the exception is one of the ways in which Redis can be away.</summary>
    public static bool Is(Exception exception) =>
        exception is RedisException or TimeoutException or ObjectDisposedException or IOException;

    public static string Describe(Exception exception) => exception switch
    {
        TimeoutException => TimedOut,
        _ when IsAboutPassword(exception) => NotAuthenticated,
        RedisConnectionException connection => NoConnection(connection.FailureType),
        RedisServerException server => $"refused ({Code(server.Message)})",
        _ => exception.GetType().Name,
    };

    /// <summary>The same of a connection that failed.</summary>
    public static string Describe(ConnectionFailedEventArgs failure) =>
        failure.Exception is { } exception && IsAboutPassword(exception) ? NotAuthenticated : NoConnection(failure.FailureType);

    // The client library says so only in the text, of the cause too: its type stands for a failed TLS handshake as well.
    private static bool IsAboutPassword(Exception exception) =>
        AuthenticationCodes.Any(code => exception.Message.Contains(code, StringComparison.OrdinalIgnoreCase))
        || (exception.InnerException is { } inner && IsAboutPassword(inner));

    private static string NoConnection(ConnectionFailureType type) => $"no connection ({type})";

    /// <summary>A server error starts with its code; what follows may hold data.</summary>
    private static string Code(string message) => message.Split(' ', 2)[0];
}
